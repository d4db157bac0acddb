package io.pinbounce.tool.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What two contestants measured in turn. Both sides of a pair ran one right after the other, so
 * that whatever else the machine did hit both, and their ratio is worth more than their figures.
 * Immutable.
 *
 * {@snippet :
 * Paired<Measurement> paired = Paired.measure(31, () -> run(pinned), () -> run(bounced));
 * Ratio throughput = paired.ratio(Measurement::perSecond);
 * Ratio cpu = paired.ratio(Measurement::cpuMicros);
 * }
 *
 * @param <T> what is measured: a number, or a record of several
 * @param ours one measurement a pair
 * @param theirs the other one of each pair
 */
public record Paired<T>(List<T> ours, List<T> theirs) {

    /** Copies the lists. */
    public Paired {
        ours = List.copyOf(ours);
        theirs = List.copyOf(theirs);
    }

    /**
     * Measures pair by pair, alternately one side first and the other, so that neither always finds
     * the caches as the other one left them. Each side runs once before, unmeasured.
     *
     * @param <T> what is measured
     * @param pairs how many
     * @param ours measures our side once
     * @param theirs measures the other side once
     * @return all measurements but the first of each
     * @throws Exception what a side throws
     */
    public static <T> Paired<T> measure(int pairs, Callable<T> ours, Callable<T> theirs)
            throws Exception {
        List<T> our = new ArrayList<>();
        List<T> their = new ArrayList<>();
        ours.call();
        theirs.call();
        for (int i = 0; i < pairs; i++) {
            if (i % 2 == 0) {
                our.add(ours.call());
                their.add(theirs.call());
            } else {
                their.add(theirs.call());
                our.add(ours.call());
            }
        }
        return new Paired<>(our, their);
    }

    /**
     * How many times theirs ours is.
     *
     * @param value picks a number out of a measurement
     * @return the median of the ratios of all pairs, and its interval
     * @throws IllegalArgumentException as {@link Ratio#of}
     */
    public Ratio ratio(ToDoubleFunction<T> value) {
        return Ratio.of(
                IntStream.range(0, ours.size())
                        .mapToDouble(
                                i ->
                                        value.applyAsDouble(ours.get(i))
                                                / value.applyAsDouble(theirs.get(i)))
                        .toArray());
    }

    /**
     * The median of one side, for people to read; only ratios can be relied on.
     *
     * @param <T> what was measured
     * @param side ours or theirs, not empty
     * @param value picks a number out of a measurement
     * @return the median
     */
    public static <T> double median(List<T> side, ToDoubleFunction<T> value) {
        return Ratio.median(side.stream().mapToDouble(value).sorted().toArray());
    }
}
