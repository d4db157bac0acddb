package io.pinbounce.tool.bench;

import java.time.Duration;

/** Is told how a benchmark gets on. */
public interface BenchProgress {

    /**
     * The target is ready, and nothing is measured yet.
     *
     * @param target where it will be measured
     */
    default void begins(BenchTarget target) {}

    /**
     * A column is about to take its turn.
     *
     * @param row what is measured
     * @param column how the data moves
     * @param round 1 for the first; 0 to warm up
     * @param left until the end of the run, roughly
     */
    default void turn(BenchRow row, Column column, int round, Duration left) {}

    /**
     * A row is done.
     *
     * @param result what was measured
     */
    default void row(RowResult result) {}
}
