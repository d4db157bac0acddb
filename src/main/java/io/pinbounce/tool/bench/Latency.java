package io.pinbounce.tool.bench;

import org.HdrHistogram.Histogram;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long requests took, from being asked for to being handed back, in microseconds.
 *
 * @param p50 half of them took no longer
 * @param p99 all but one in a hundred
 * @param p999 all but one in a thousand
 */
public record Latency(double p50, double p99, double p999) {

    static Latency of(Histogram nanos) {
        return new Latency(
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getValueAtPercentile(99.9) / 1e3);
    }

    /** The medians of rounds, for fio, which reports no single requests. */
    static Latency median(List<Latency> rounds) {
        return new Latency(
                median(rounds, Latency::p50),
                median(rounds, Latency::p99),
                median(rounds, Latency::p999));
    }

    private static double median(List<Latency> rounds, ToDoubleFunction<Latency> value) {
        return Ratio.median(rounds.stream().mapToDouble(value).sorted().toArray());
    }
}
