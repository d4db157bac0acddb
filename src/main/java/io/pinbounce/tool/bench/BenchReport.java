package io.pinbounce.tool.bench;

import java.time.Duration;
import java.util.List;

/**
 * What a benchmark found.
 *
 * @param machine what it ran on
 * @param target what was read and written
 * @param plan what was asked for
 * @param rows what was measured
 * @param took time for all of it
 */
public record BenchReport(
        Machine machine, BenchTarget target, BenchPlan plan, List<RowResult> rows, Duration took) {

    /** Keeps its own copy of the rows. */
    public BenchReport {
        rows = List.copyOf(rows);
    }

    /**
     * Columns without figures.
     *
     * @return how many; 0 if everything ran as its name says
     */
    public long refusals() {
        return rows.stream()
                .flatMap(result -> result.cells().stream())
                .filter(cell -> !cell.isPublished())
                .count();
    }
}
