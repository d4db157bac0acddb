package io.pinbounce.tool.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One row: a round to warm up, then rounds in which every column has its turn, each round in
 * another order, so that no column always follows the same other one. All turns of a round are
 * equally long. Opening, sealing and forcing come with a turn and are not measured, but take time;
 * what a round took beyond its turns tells how much time the next one has left.
 */
final class RowRun {

    /** What a start of fio takes, until the first round has measured it. */
    static final long FIO_NANOS = 450_000_000;

    private static final long LONGEST_COPY_NANOS = 20_000_000;

    private static final int RAMP_PART = 10;

    private final List<ColumnRun> columns = new ArrayList<>();

    private final Traffic traffic;

    private final int rounds;

    private final List<Double> copyNanos = new ArrayList<>();

    /** Is told which column takes the next turn. */
    interface Listener {

        void turn(Column column, int round);
    }

    RowRun(Testbed testbed, BenchPlan plan, BenchRow row) {
        for (Column column : plan.columnsOf(row)) {
            columns.add(new ColumnRun(testbed, plan.engine(), row, column));
        }
        traffic = row.traffic(plan.depth(), testbed.span());
        rounds = plan.rounds();
    }

    /**
     * Measures.
     *
     * @param nanos that the row may take
     * @param listener is told which column takes the next turn
     * @param stopped whether to end early
     */
    void run(long nanos, Listener listener, BooleanSupplier stopped) throws IOException {
        long end = System.nanoTime() + nanos;
        long started = columns.stream().filter(t -> t.column().isFio()).count() * FIO_NANOS;
        try (CopyTraffic copies = new CopyTraffic(traffic)) {
            Window window = window(nanos / (rounds + 1) / 2, started, columns.size());
            long overhead = round(0, window, copies, listener, stopped) + started;
            for (int round = 1; round <= rounds && !stopped.getAsBoolean(); round++) {
                long share = (end - System.nanoTime()) / (rounds + 1 - round);
                window = window(share, overhead, columns.size());
                overhead = round(round, window, copies, listener, stopped);
            }
        }
    }

    /**
     * How long each turn is, and copying, which counts as one more.
     *
     * @param nanos for the round
     * @param overhead nanoseconds of those that are spent outside the turns
     * @param turns in the round
     */
    static Window window(long nanos, long overhead, int turns) {
        long turn = (nanos - overhead) / (turns + 1);
        long turnNanos = Math.max(turn, BenchPlan.SHORTEST_TURN.toNanos());
        return new Window(turnNanos / RAMP_PART, turnNanos - turnNanos / RAMP_PART);
    }

    /** Gives each column a turn, and returns the nanoseconds that were spent outside the turns. */
    private long round(
            int round,
            Window window,
            CopyTraffic copies,
            Listener listener,
            BooleanSupplier stopped)
            throws IOException {
        long start = System.nanoTime();
        double copy = copies.nanosEach(Math.min(window.nanos(), LONGEST_COPY_NANOS));
        if (round > 0) {
            copyNanos.add(copy);
        }
        for (int i = 0; i < columns.size() && !stopped.getAsBoolean(); i++) {
            ColumnRun column = columns.get((i + round) % columns.size());
            if (column.goesOn()) {
                listener.turn(column.column(), round);
                if (round == 0) {
                    column.warmUp(window);
                } else {
                    column.take(window);
                }
            }
        }
        long turnNanos = window.rampNanos() + window.nanos();
        return Math.max(0, System.nanoTime() - start - columns.size() * turnNanos);
    }

    RowResult result(BenchRow row, String fioVersion) {
        return new RowResult(
                row, columns.stream().map(column -> column.result(fioVersion)).toList(), copyNanos);
    }
}
