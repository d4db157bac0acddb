package io.pinbounce.tool.cli;

import io.pinbounce.tool.bench.BenchCell;
import io.pinbounce.tool.bench.BenchPlan;
import io.pinbounce.tool.bench.BenchReport;
import io.pinbounce.tool.bench.BenchTarget;
import io.pinbounce.tool.bench.Latency;
import io.pinbounce.tool.bench.Machine;
import io.pinbounce.tool.bench.NamedRatio;
import io.pinbounce.tool.bench.RoundResult;
import io.pinbounce.tool.bench.RowResult;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** A benchmark's figures for people, in at most 100 columns. */
final class BenchText {

    private static final String ROW = "  %-12s %9s %6s %10s %6s %6s %9s %9s %9s %9s%n";

    private static final int PER_LINE = 2;

    private final PrintWriter out;

    private final Ansi ansi;

    /**
     * A printer.
     *
     * @param ansi whether to use colours
     */
    BenchText(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    /** What is about to be measured, where, and by what. */
    void header(Machine machine, BenchTarget target, BenchPlan plan, boolean temporary) {
        out.println("Bench: what pinning, bouncing and guarding cost, in rounds.");
        out.println();
        BenchFacts.of(machine, target, plan)
                .forEach(
                        (name, value) ->
                                out.printf(
                                        "%-12s %s%s%n",
                                        name + ":",
                                        value,
                                        name.equals("target") && temporary
                                                ? ", removed afterwards"
                                                : ""));
        out.println();
        out.flush();
    }

    /** One row as a small table, and how its columns compare. */
    void row(RowResult result) {
        String title = result.row().title() + ", " + ProbeReport.size(result.row().size());
        out.println(ansi.string("@|bold " + title + "|@"));
        out.printf(
                ROW,
                "",
                "MiB/s",
                "spread",
                "IOPS",
                "usr %",
                "sys %",
                "CPU us/rq",
                "p50 us",
                "p99 us",
                "p99.9 us");
        result.cells().forEach(cell -> cell(cell, result.row().size()));
        out.println("  plain copy" + " ".repeat(46) + micros(result.copyMicros()));
        ratios(result.ratios());
        out.println();
        out.flush();
    }

    private void cell(BenchCell cell, int size) {
        if (!cell.isPublished()) {
            out.printf(
                    "  %-12s %s%n",
                    cell.column().label(),
                    ansi.string("@|bold,red no figures|@: ") + cell.refusal());
            return;
        }
        Latency latency = cell.latency();
        out.printf(
                Locale.ROOT,
                ROW,
                cell.column().label(),
                digits(cell.median(round -> round.mibps(size))),
                String.format(Locale.ROOT, "%.0f %%", 100 * cell.spread(RoundResult::iops)),
                Figures.number(Math.round(cell.median(RoundResult::iops))),
                String.format(Locale.ROOT, "%.0f", cell.user()),
                String.format(Locale.ROOT, "%.0f", cell.system()),
                digits(cell.median(RoundResult::cpuMicros)),
                digits(latency.p50()),
                digits(latency.p99()),
                digits(latency.p999()));
    }

    private void ratios(List<NamedRatio> ratios) {
        for (int i = 0; i < ratios.size(); i++) {
            NamedRatio each = ratios.get(i);
            boolean last = i % PER_LINE == PER_LINE - 1 || i == ratios.size() - 1;
            String text = String.format("  %-22s %s", each.what(), each.ratio());
            out.print(last ? text + System.lineSeparator() : String.format("%-48s", text));
        }
    }

    private static String micros(double value) {
        return String.format("%9s", digits(value));
    }

    /** Three digits at least; all of those before the point. */
    static String digits(double value) {
        int behind = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + behind + "f", value);
    }

    /** What is missing, how to read the figures, and how to repeat the run. */
    void end(BenchReport report, String command) {
        if (report.refusals() > 0) {
            out.println(
                    ansi.string("@|bold,red INCOMPLETE|@: ")
                            + Figures.count(report.refusals(), "column")
                            + " ran in another way than the name says, and has no figures.");
        }
        out.println(
                "Ratios are medians of "
                        + report.plan().rounds()
                        + " rounds [with 95 % intervals]; spread is half the range of the rounds.");
        out.println("Took " + Figures.took(report.took()) + ". To repeat: " + command);
    }
}
