package io.pinbounce.cli;

import io.pinbounce.torture.CellResult;
import io.pinbounce.torture.TortureCase;
import io.pinbounce.torture.TortureCell;
import io.pinbounce.torture.TortureReport;
import io.pinbounce.torture.TortureTarget;
import io.pinbounce.torture.WorkingSet;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** The torture test's result for people. */
final class TortureText {

    private static final String ROW = "%-16s  %6s  %-6s  %10s  %13s  %10s  %s%n";

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
    void header(TortureTarget target, WorkingSet set) {
        out.println(
                "Torture: change memory while the disk reads or writes it, and see what tears.");
        out.println();
        out.printf(
                "target:      %s (%s, the first %s)%s%n",
                target.path(),
                set.fileSystem(),
                ProbeReport.size(set.length()),
                target.isTemporary() ? ", removed afterwards" : "");
        out.printf("direct I/O:  %s, because %s%n", set.directIo(), set.directIoReason());
        out.println("protection:  T10, a 16-bit guard for every 4 KiB, tuples in memory");
        out.println();
        out.flush();
    }

    /** Table, verdict, and how to see it again. */
    void result(TortureReport report) {
        out.printf(
                ROW, "case", "size", "mode", "operations", "mutations", "torn", "verdict");
        TortureCase last = report.cells().getFirst().cell().kind();
        for (CellResult result : report.cells()) {
            if (result.cell().kind() != last) {
                out.println();
                last = result.cell().kind();
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
                ProbeReport.size(cell.size()),
                cell.mode(),
                number(result.operations()),
                number(result.mutations()),
                number(wrong(result)),
                switch (result.verdict()) {
                    case FAILED -> coloured("bold,red", result.verdict().label());
                    case NO_TEAR_SEEN -> coloured("yellow", result.verdict().label());
                    case HELD -> coloured("green", result.verdict().label());
                    case TORN_AS_EXPECTED -> result.verdict().label();
                });
    }

    private String verdict(TortureReport report) {
        Predicate<CellResult> control = CellResult::isControl;
        return switch (report.verdict()) {
            case PASS ->
                    coloured("bold,green", "PASS")
                            + ": with PIN, the control, "
                            + "%s of %s operations tore; with %s, none of %s."
                                    .formatted(
                                            sum(report, control, TortureText::wrong),
                                            sum(report, control, CellResult::operations),
                                            modes(report, control.negate()),
                                            sum(report, control.negate(), CellResult::operations))
                            + " Bouncing protects data that changes on its way.";
            case FAIL ->
                    coloured("bold,red", "FAIL")
                            + ": %s of %s operations tore with %s, which may never happen:"
                                    .formatted(
                                            sum(report, control.negate(), TortureText::wrong),
                                            sum(report, control.negate(), CellResult::operations),
                                            modes(report, control.negate()))
                            + " data on the target, or what was read of it, does not match its"
                            + " protection information.";
            case INCONCLUSIVE -> coloured("bold,yellow", "INCONCLUSIVE") + inconclusive(report);
        };
    }

    private static String inconclusive(TortureReport report) {
        if (!report.blindCases().isEmpty()) {
            return ": nothing tore with PIN, the control, in "
                    + labels(report.blindCases())
                    + ", so it shows nothing that BOUNCE and AUTO held there;"
                    + " run PIN as well, or for longer (--seconds).";
        }
        return ": only PIN, the control, was run in "
                + labels(report.untestedCases())
                + "; run BOUNCE or AUTO as well (--mode).";
    }

    private static String labels(Collection<TortureCase> cases) {
        return cases.stream().map(TortureCase::label).collect(Collectors.joining(", "));
    }

    private static String modes(TortureReport report, Predicate<CellResult> which) {
        return report.cells().stream()
                .filter(which)
                .map(result -> result.cell().mode().name())
                .distinct()
                .collect(Collectors.joining(" and "));
    }

    private static long wrong(CellResult result) {
        return result.torn() + result.falseErrors();
    }

    private static String sum(
            TortureReport report,
            Predicate<CellResult> which,
            ToLongFunction<CellResult> count) {
        return number(report.cells().stream().filter(which).mapToLong(count).sum());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private String coloured(String style, String text) {
        return ansi.string("@|" + style + " " + text + "|@");
    }
}
