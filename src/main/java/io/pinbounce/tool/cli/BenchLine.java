package io.pinbounce.tool.cli;

import io.pinbounce.tool.bench.BenchPlan;
import io.pinbounce.tool.bench.BenchProgress;
import io.pinbounce.tool.bench.BenchRow;
import io.pinbounce.tool.bench.BenchTarget;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.bench.Machine;
import io.pinbounce.tool.bench.RowResult;
import io.pinbounce.tool.scratch.ScratchTarget;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.time.Duration;

/** How a benchmark is getting on: each row as it is done, and a line on a terminal meanwhile. */
final class BenchLine implements BenchProgress, AutoCloseable {

    private final PrintWriter err;

    private final @Nullable BenchText text;

    private final BenchPlan plan;

    private final ScratchTarget named;

    private final boolean seen = StandardStream.ERROR.isTerminal();

    private TerminalLine line;

    /**
     * Starts to listen.
     *
     * @param text prints rows; null if none are printed
     */
    BenchLine(PrintWriter err, @Nullable BenchText text, BenchPlan plan, ScratchTarget named) {
        this.err = err;
        this.text = text;
        this.plan = plan;
        this.named = named;
        line = new TerminalLine(err);
    }

    @Override
    public void begins(BenchTarget target) {
        if (text != null) {
            text.header(Machine.here(), target, plan, named.isTemporary());
        }
    }

    @Override
    public void turn(BenchRow row, Column column, int round, Duration left) {
        if (seen) {
            line.write(text(row, column, round, left));
        }
    }

    static String text(BenchRow row, Column column, int round, Duration left) {
        return "%s  %s  %-11s  %s  %s left"
                .formatted(
                        row.title(),
                        ProbeReport.size(row.size()),
                        column.label(),
                        round == 0 ? "warming up" : "round " + round,
                        Figures.time(left));
    }

    /** Erases the line, so that the row is printed in its place. */
    @Override
    public void row(RowResult result) {
        line.close();
        line = new TerminalLine(err);
        if (text != null) {
            text.row(result);
        }
    }

    @Override
    public void close() {
        line.close();
    }
}
