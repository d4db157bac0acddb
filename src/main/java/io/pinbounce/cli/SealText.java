package io.pinbounce.cli;

import io.pinbounce.pi.PiContext;
import io.pinbounce.scrub.Ending;
import io.pinbounce.scrub.IntervalRange;
import io.pinbounce.scrub.ScrubTarget;
import io.pinbounce.scrub.SealReport;

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
    void result(SealReport report, ScrubTarget target, PiContext context) {
        failures(report);
        if (report.ending() == Ending.STOPPED) {
            out.printf(
                    "Stopped after %s of %s: what was done stays, and the same command goes on"
                            + " with the rest.%n",
                    Figures.bytes(report.bytes()), Figures.bytes(report.total()));
        } else if (report.unreadable().isEmpty()) {
            out.printf(
                    "%s: all %s of %s are protected by %s (%s).%n",
                    coloured("bold,green", "SEALED"),
                    Figures.bytes(report.total()),
                    target.path(),
                    target.sidecar(),
                    report.sealed() == 0
                            ? "and were before"
                            : Figures.bytes(report.sealed())
                                    + " now, in "
                                    + Figures.took(report.duration()));
            out.printf("Open it from now on with %s, and nothing else.%n", protection(context));
            out.printf("To check it: %s%n", named.command("verify"));
        } else {
            out.printf(
                    "%s: what cannot be read stays unprotected until it is written.%n",
                    coloured("bold,red", "INCOMPLETE"));
        }
        out.flush();
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
