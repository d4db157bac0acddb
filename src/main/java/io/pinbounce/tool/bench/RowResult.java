package io.pinbounce.tool.bench;

import java.util.List;

/**
 * What was measured in one row.
 *
 * @param row what was done
 * @param cells a column each
 * @param copyNanos a plain copy of a request's memory, in each round
 */
public record RowResult(BenchRow row, List<BenchCell> cells, List<Double> copyNanos) {

    /** Keeps its own copies. */
    public RowResult {
        cells = List.copyOf(cells);
        copyNanos = List.copyOf(copyNanos);
    }

    /**
     * A plain copy.
     *
     * @return its median, in microseconds
     */
    public double copyMicros() {
        return Ratio.median(
                copyNanos.stream().mapToDouble(nanos -> nanos / 1e3).sorted().toArray());
    }

    /**
     * Columns beside each other, round by round.
     *
     * @return those of which both have figures
     */
    public List<NamedRatio> ratios() {
        return Ratios.of(this);
    }
}
