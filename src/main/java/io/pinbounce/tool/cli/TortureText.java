package io.pinbounce.tool.cli;

import io.pinbounce.tool.scratch.ScratchTarget;
import io.pinbounce.tool.torture.CellResult;
import io.pinbounce.tool.torture.CellResult.Counts;
import io.pinbounce.tool.torture.TortureCase;
import io.pinbounce.tool.torture.TortureCell;
import io.pinbounce.tool.torture.TortureReport;
import io.pinbounce.tool.torture.WorkingSet;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The torture test's result for people. */
final class TortureText {

    private static final String ROW = "%-16s  %5s  %6s  %-6s  %10s  %13s  %9s  %7s  %10s  %s%n";

    private final PrintWriter out;

    private final Ansi ansi;

    private final String repeat;

    /**
     * A printer.
     *
     * @param ansi whether to use colours
     * @param repeat the command that repeats the run
     */
    TortureText(PrintWriter out, Ansi ansi, String repeat) {
        this.out = out;
        this.ansi = ansi;
        this.repeat = repeat;
    }

    /** What is about to be tested; printed before the run, which takes a while. */
    void header(TortureSetting setting) {
        ScratchTarget target = setting.target();
        WorkingSet set = setting.set();
        out.println(
                "Torture: change memory while the disk reads or writes it, and see what tears.");
        out.println();
        out.printf(
                "target:      %s (%s, the first %s)%s%n",
                Printable.of(target.path()),
                set.fileSystem(),
                ProbeReport.size(set.length()),
                target.isTemporary() ? ", removed afterwards" : "");
        out.printf("direct I/O:  %s, because %s%n", set.directIo(), set.directIoReason());
        out.println(
                "protection:  T10, a 16-bit guard for every 4 KiB, tuples in memory; none in"
                        + " unguarded cases");
        engines(setting);
        out.println("seed:        " + setting.plan().seed());
        out.println();
        out.flush();
    }

    private void engines(TortureSetting setting) {
        String label = "engine:      ";
        if (setting.blocks()) {
            out.println(label + setting.set().engine() + " for one operation at a time");
            label = " ".repeat(label.length());
        }
        if (setting.queues()) {
            out.printf(
                    "%s%s for %d in flight, because %s%n",
                    label,
                    setting.queue().engine(),
                    setting.queue().depth(),
                    setting.queue().engineReason());
        }
    }

    /** Table, verdict, and how to see it again. */
    void result(TortureReport report) {
        out.printf(
                ROW,
                "case",
                "depth",
                "size",
                "mode",
                "operations",
                "disturbances",
                "torn",
                "refused",
                "unreadable",
                "verdict");
        String last = report.cells().getFirst().cell().title();
        for (CellResult result : report.cells()) {
            if (!result.cell().title().equals(last)) {
                out.println();
                last = result.cell().title();
            }
            row(result);
        }
        out.println();
        out.println(verdict(report));
        out.println("To repeat: " + repeat);
    }

    private void row(CellResult result) {
        TortureCell cell = result.cell();
        out.printf(
                ROW,
                cell.kind().label(),
                cell.depth(),
                ProbeReport.size(cell.size()),
                cell.mode(),
                Figures.number(result.counts().operations()),
                Figures.number(result.counts().mutations()),
                Figures.number(result.counts().unmatched()),
                Figures.number(result.counts().refused()),
                Figures.number(result.counts().unreadable()),
                switch (result.verdict()) {
                    case FAILED -> coloured("bold,red", result.verdict().label());
                    case NO_TEAR_SEEN, ALWAYS_IN_ORDER ->
                            coloured("yellow", result.verdict().label());
                    case HELD -> coloured("green", result.verdict().label());
                    case TORN_AS_EXPECTED, SEEN_BY_TARGET, NOT_SEEN_BY_TARGET ->
                            result.verdict().label();
                });
    }

    private String verdict(TortureReport report) {
        return switch (report.verdict()) {
            case PASS ->
                    coloured("bold,green", "PASS")
                            + ": PIN, the control, tore %s; %s tore none of %s."
                                    .formatted(
                                            wrongOf(report, TortureText::isControl),
                                            modes(report, TortureText::isBounced),
                                            number(
                                                    report,
                                                    TortureText::isBounced,
                                                    Counts::operations))
                            + " Bouncing protects data that changes on its way."
                            + order(report)
                            + unguarded(report);
            case FAIL ->
                    coloured("bold,red", "FAIL")
                            + ": %s went wrong that may never do so: data on the target, or what"
                                    .formatted(wrongOf(report, result -> !maySuffer(result)))
                            + " was read of it, does not match its protection information or its"
                            + " request, or the target refused it.";
            case INCONCLUSIVE -> coloured("bold,yellow", "INCONCLUSIVE") + inconclusive(report);
        };
    }

    private static String wrongOf(TortureReport report, Predicate<CellResult> which) {
        return "%s of %s operations"
                .formatted(
                        number(report, which, Counts::wrong),
                        number(report, which, Counts::operations));
    }

    private static String order(TortureReport report) {
        return report.cells().stream().noneMatch(TortureText::isOrder)
                ? ""
                : " %s of %s requests overtook others, and each completed as itself."
                        .formatted(
                                number(report, TortureText::isOrder, Counts::mutations),
                                number(report, TortureText::isOrder, Counts::operations));
    }

    private static String unguarded(TortureReport report) {
        if (report.cells().stream().noneMatch(TortureText::mayBeRefused)) {
            return "";
        }
        String found = wrongOf(report, TortureText::mayBeRefused);
        return sum(report, TortureText::mayBeRefused, Counts::wrong) > 0
                ? " Without a guard, the target found fault with %s under PIN.".formatted(found)
                : " Without a guard, the target found no fault with PIN: it needs no memory to hold"
                        + " still.";
    }

    private static boolean isControl(CellResult result) {
        return result.cell().isControl();
    }

    private static boolean mayBeRefused(CellResult result) {
        return result.cell().mayBeRefused();
    }

    /** Whether what goes wrong is pinning's own fault. */
    private static boolean maySuffer(CellResult result) {
        return isControl(result) || mayBeRefused(result);
    }

    /** Whether nothing may tear in any mode. */
    private static boolean isOrder(CellResult result) {
        return result.cell().kind() == TortureCase.OUT_OF_ORDER;
    }

    private static boolean isBounced(CellResult result) {
        return !maySuffer(result) && !isOrder(result);
    }

    private static String inconclusive(TortureReport report) {
        if (!report.blindCases().isEmpty()) {
            return ": nothing tore with PIN, the control, in "
                    + String.join(", ", report.blindCases())
                    + ", so it shows nothing that BOUNCE and AUTO held there;"
                    + " run PIN as well, or for longer (--seconds).";
        }
        if (report.cells().stream().noneMatch(result -> result.cell().kind().isGuarded())
                && !report.unjudgedCases().isEmpty()) {
            return ": the target found no fault with PIN in "
                    + String.join(", ", report.unjudgedCases())
                    + ", so it shows nothing that BOUNCE and AUTO held there; run guarded cases as"
                    + " well (--cases), or PIN, or on a target that checks what it is given.";
        }
        if (!report.orderlyCases().isEmpty()) {
            return ": no request overtook another in "
                    + String.join(", ", report.orderlyCases())
                    + "; have more in flight (--depth).";
        }
        return ": only PIN, the control, was run in "
                + String.join(", ", report.untestedCases())
                + "; run BOUNCE or AUTO as well (--mode).";
    }

    private static String modes(TortureReport report, Predicate<CellResult> which) {
        return report.cells().stream()
                .filter(which)
                .map(result -> result.cell().mode().name())
                .distinct()
                .collect(Collectors.joining(" and "));
    }

    private static String number(
            TortureReport report, Predicate<CellResult> which, ToLongFunction<Counts> count) {
        return Figures.number(sum(report, which, count));
    }

    private static long sum(
            TortureReport report, Predicate<CellResult> which, ToLongFunction<Counts> count) {
        return report.cells().stream().filter(which).map(CellResult::counts).mapToLong(count).sum();
    }

    private String coloured(String style, String text) {
        return ansi.string("@|" + style + " " + text + "|@");
    }
}
