package io.pinbounce.tool.cli;

import io.pinbounce.SidecarInfo;
import io.pinbounce.pi.PiContext;
import io.pinbounce.tool.scrub.Ending;
import io.pinbounce.tool.scrub.IntervalRange;
import io.pinbounce.tool.scrub.ScrubTarget;
import io.pinbounce.tool.scrub.SealReport;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

import java.io.PrintWriter;

/** What was sealed, for people. */
final class SealText {

    /** Unreadable ranges that are printed. */
    static final int MOST = 20;

    private final PrintWriter out;

    private final Ansi ansi;

    private final TargetOptions named;

    /**
     * A printer.
     *
     * @param spec of the command
     * @param named for commands to run next
     */
    SealText(CommandSpec spec, TargetOptions named) {
        out = spec.commandLine().getOut();
        ansi = spec.commandLine().getColorScheme().ansi();
        this.named = named;
    }

    /** What was done, and what to do next. */
    void result(SealReport report, SidecarInfo sidecar, ScrubTarget target, PiContext context) {
        failures(report);
        if (report.ending() == Ending.STOPPED) {
            out.printf(
                    "Stopped after %s of %s: what was done stays, and the same command goes on"
                            + " with the rest.%n",
                    Figures.bytes(report.bytes()), Figures.bytes(report.total()));
        } else if (!isWhole(sidecar)) {
            incomplete(report, sidecar);
        } else {
            out.printf(
                    "%s: all %s of %s are protected by %s (%s).%n",
                    coloured("bold,green", "SEALED"),
                    Figures.bytes(report.total()),
                    Printable.of(target.path()),
                    Printable.of(target.sidecar()),
                    report.sealed() == 0
                            ? "and were before"
                            : Figures.bytes(report.sealed())
                                    + " now, in "
                                    + Figures.took(report.duration()));
            out.printf("Open it from now on with %s, and nothing else.%n", protection(context));
            out.printf("To check it: %s%n", named.command("verify"));
        }
        out.flush();
    }

    /** Whether all that was there is protected. */
    private static boolean isWhole(SidecarInfo sidecar) {
        return sidecar.damage().isEmpty()
                && sidecar.damagedIntervals() == 0
                && sidecar.lostIntervals() == 0
                && sidecar.unprotectedIntervals() == 0;
    }

    /** What is not protected, and why, each with what can be done about it. */
    private void incomplete(SealReport report, SidecarInfo sidecar) {
        String incomplete = coloured("bold,red", "INCOMPLETE");
        if (!report.unreadable().isEmpty()) {
            out.printf(
                    "%s: what cannot be read stays unprotected until it is written.%n", incomplete);
        }
        long known = sidecar.damagedIntervals() + sidecar.lostIntervals();
        if (known > 0) {
            out.printf(
                    "%s: %s have lost their tuples, and %s are damaged; they stay so until they"
                            + " are rewritten, or accepted. To see which: %s%n",
                    incomplete,
                    Figures.count(sidecar.lostIntervals(), "interval"),
                    Figures.number(sidecar.damagedIntervals()),
                    named.command("verify"));
        } else if (!sidecar.damage().isEmpty()) {
            out.printf(
                    "%s: the sidecar itself is damaged; to see what that means: %s%n",
                    incomplete, named.command("verify"));
        } else if (report.unreadable().isEmpty()) {
            out.printf(
                    "%s: %s unprotected; to seal them: %s%n",
                    incomplete,
                    Figures.count(sidecar.unprotectedIntervals(), "interval"),
                    named.command("seal"));
        }
    }

    /** What was accepted. */
    void resealed(SealReport report, IntervalRange intervals) {
        failures(report);
        if (report.ending() == Ending.STOPPED) {
            out.printf(
                    "Stopped after %s of %s.%n",
                    Figures.bytes(report.bytes()), Figures.bytes(report.total()));
        } else if (report.unreadable().isEmpty()) {
            out.printf("Accepted: interval %s is protected as it is.%n", intervals);
        }
        out.flush();
    }

    /** What the device did not give out, a line each. */
    private void failures(SealReport report) {
        report.unreadable().forEach(range -> out.println("unreadable: " + range));
    }

    /** How a program opens it, in Java. */
    private String protection(PiContext context) {
        String format =
                switch (context.format()) {
                    case GUARD_16 -> "Protection.t10(" + context.interval() + ")";
                    case GUARD_32, GUARD_64 ->
                            "Protection.of(PiContext.of(PiFormat.%s, %d))"
                                    .formatted(context.format(), context.interval());
                };
        return format + named.call();
    }

    /** The exit status after a sealing of all data. */
    static int status(SealReport report, SidecarInfo sidecar) {
        boolean incomplete = report.ending() == Ending.COMPLETE && !isWhole(sidecar);
        return incomplete ? ExitStatus.FAILURE_FOUND : status(report);
    }

    static int status(SealReport report) {
        if (!report.unreadable().isEmpty()) {
            return ExitStatus.FAILURE_FOUND;
        }
        return report.ending() == Ending.COMPLETE ? ExitStatus.OK : ExitStatus.INCONCLUSIVE;
    }

    private String coloured(String style, String text) {
        return ansi.string("@|" + style + " " + text + "|@");
    }
}
