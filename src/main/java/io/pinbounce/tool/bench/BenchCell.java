package io.pinbounce.tool.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one column did in one row.
 *
 * @param column which column
 * @param engine what moved the data
 * @param rounds what each turn gave, in order; empty if the column is refused
 * @param userShare how much of the processors' time was in user mode, 0 to 1
 * @param latency of all rounds together
 * @param refusal why there are no figures; empty if there are
 */
public record BenchCell(
        Column column,
        String engine,
        List<RoundResult> rounds,
        double userShare,
        Latency latency,
        String refusal) {

    /** Keeps its own copy of the rounds. */
    public BenchCell {
        rounds = List.copyOf(rounds);
    }

    static BenchCell refused(Column column, String engine, String refusal) {
        return new BenchCell(column, engine, List.of(), 0, new Latency(0, 0, 0), refusal);
    }

    /**
     * Whether the column has figures.
     *
     * @return false if the column ran in another way than its name says
     */
    public boolean isPublished() {
        return refusal.isEmpty();
    }

    /**
     * The middle of all rounds.
     *
     * @param value picks a number out of a round
     * @return its median
     */
    public double median(ToDoubleFunction<RoundResult> value) {
        return Ratio.median(sorted(value));
    }

    /**
     * How far rounds lie apart.
     *
     * @param value picks a number out of a round
     * @return half the distance from the smallest to the largest, as a part of the median
     */
    public double spread(ToDoubleFunction<RoundResult> value) {
        double[] sorted = sorted(value);
        return (sorted[sorted.length - 1] - sorted[0]) / 2 / Ratio.median(sorted);
    }

    /**
     * Processor time in user mode.
     *
     * @return per cent of one processor
     */
    public double user() {
        return 100 * median(RoundResult::busy) * userShare;
    }

    /**
     * Processor time in the kernel.
     *
     * @return per cent of one processor
     */
    public double system() {
        return 100 * median(RoundResult::busy) * (1 - userShare);
    }

    private double[] sorted(ToDoubleFunction<RoundResult> value) {
        return rounds.stream().mapToDouble(value).sorted().toArray();
    }
}
