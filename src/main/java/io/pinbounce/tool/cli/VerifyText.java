package io.pinbounce.tool.cli;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoStatus;
import io.pinbounce.Geometry;
import io.pinbounce.SidecarInfo;
import io.pinbounce.tool.scrub.Ending;
import io.pinbounce.tool.scrub.ScrubReport;
import io.pinbounce.tool.scrub.ScrubTarget;

import picocli.CommandLine.Help.Ansi;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What a scrub found, for people. */
final class VerifyText {

    private final PrintWriter out;

    private final Ansi ansi;

    private final TargetOptions named;

    /**
     * A printer.
     *
     * @param ansi whether to use colours
     * @param named for commands that do something about it
     */
    VerifyText(PrintWriter out, Ansi ansi, TargetOptions named) {
        this.out = out;
        this.ansi = ansi;
        this.named = named;
    }

    /** What limits the verdict. */
    void notes(SidecarInfo info, ScrubTarget target) throws IOException {
        if (!info.clean()) {
            out.println(
                    "note: the sidecar was not closed in order; what was under way is taken into"
                            + " account, and recovered by the next writer");
        }
        Geometry geometry = DirectFile.probe(target.path());
        if (geometry.directIo() == DirectIoStatus.BUFFERED) {
            out.printf(
                    "note: direct I/O is not real here (%s); what was read may be the page cache's,"
                            + " not the disk's%n",
                    geometry.directIoReason());
        }
    }

    /** Everything that is bad, a line each, in the order of the file. */
    void findings(ScrubReport report) {
        report.bad().forEach(bad -> out.println("bad: " + bad));
        long hidden = report.damaged() - report.bad().size();
        if (hidden > 0) {
            out.println(Figures.number(hidden) + " more bad; --limit shows more");
        }
        report.unreadable().forEach(range -> out.println("unreadable: " + range));
        report.sidecarDamage().forEach(damage -> out.println("sidecar: " + damage));
    }

    /** The verdict, in a sentence. */
    void verdict(ScrubReport report) {
        String stopped =
                report.ending() == Ending.STOPPED
                        ? "Stopped after %s of %s. "
                                .formatted(
                                        Figures.bytes(report.bytes()),
                                        Figures.bytes(report.total()))
                        : "";
        out.println(
                stopped
                        + switch (report.verdict()) {
                            case CLEAN -> coloured("bold,green", "CLEAN") + ": " + good(report);
                            case DAMAGED -> coloured("bold,red", "DAMAGED") + ": " + damage(report);
                            case UNFINISHED ->
                                    coloured("bold,yellow", "UNFINISHED")
                                            + ": so far, "
                                            + good(report);
                        });
    }

    /** What can be done about it. */
    void advice(ScrubReport report) {
        if (report.damaged() > 0) {
            out.println(
                    "To mend it, restore or rewrite what is bad; or accept it as it is: "
                            + (named.command("reseal") + " --interval A..B"));
        }
        if (report.unreadableIntervals() > 0) {
            out.println("What cannot be read is mended by rewriting it, or by another disk.");
        }
        if (report.damaged() == 0 && !report.sidecarDamage().isEmpty()) {
            out.println(
                    "The damaged part of the sidecar holds nothing that is needed. To make a new"
                            + (" sidecar: " + named.command("seal") + " --anew"));
        }
        if (report.unprotected() > 0) {
            out.println("To protect the rest as it is: " + named.command("seal"));
        }
    }

    private static String good(ScrubReport report) {
        if (report.unprotected() == 0) {
            return "all of %s are as they were written (%s)."
                    .formatted(Figures.count(report.intervals(), "interval"), speed(report));
        }
        return "%s of %s are as they were written, and %s were never protected (%s)."
                .formatted(
                        Figures.number(report.clean()),
                        Figures.count(report.intervals(), "interval"),
                        Figures.number(report.unprotected()),
                        speed(report));
    }

    private static String damage(ScrubReport report) {
        List<String> parts = new ArrayList<>();
        String all = " of " + Figures.count(report.intervals(), "interval");
        if (report.damaged() > 0) {
            parts.add(Figures.number(report.damaged()) + all + " bad");
            all = "";
        }
        if (report.unreadableIntervals() > 0) {
            parts.add(Figures.number(report.unreadableIntervals()) + all + " unreadable");
        }
        if (!report.sidecarDamage().isEmpty()) {
            parts.add("the sidecar is damaged");
        }
        if (report.unprotected() > 0) {
            parts.add(Figures.number(report.unprotected()) + " unprotected");
        }
        return String.join(", ", parts) + " (" + speed(report) + ").";
    }

    private static String speed(ScrubReport report) {
        return Figures.bytes(report.bytes()) + " in " + Figures.took(report.duration());
    }

    /** Whether the sidecar takes the data for its own now. */
    void adoption(ScrubTarget target, ScrubReport report, boolean adopted) {
        if (adopted) {
            out.printf(
                    "Adopted: %s takes %s for its data from now on.%n",
                    Printable.of(target.sidecar()), Printable.of(target.path()));
            if (report.verdict() != ScrubReport.Verdict.CLEAN) {
                out.println("To see what is left to be done: " + named.command("verify"));
            }
            return;
        }
        out.println("Not adopted, since it was not found clean; the sidecar is as it was.");
        if (report.clean() > 0) {
            out.println(
                    "To adopt it all the same, and repair the rest afterwards: "
                            + (named.command("verify") + " --adopt --damaged"));
        }
        out.println(
                "If it is other data, or good as it is, seal it anew: "
                        + named.command("seal")
                        + " --anew");
    }

    private String coloured(String style, String text) {
        return ansi.string("@|" + style + " " + text + "|@");
    }
}
