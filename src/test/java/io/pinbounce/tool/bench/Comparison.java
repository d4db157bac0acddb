package io.pinbounce.tool.bench;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Two sides that are measured in pairs.
 *
 * @param text which sides are compared
 * @param speed requests a second, ours to theirs: no less
 * @param cpu processor time a request, ours to theirs: no more
 * @param contest measures
 */
record Comparison(String text, double speed, double cpu, Contest contest) {

    static final double NO_TARGET = Double.NaN;

    private static final int KIB = 1 << 10;

    private static final int MIB = 1 << 20;

    /** Measures the two sides. */
    interface Contest {

        Paired<Measurement> measure(BenchFile target) throws Exception;
    }

    boolean matches(Pattern pattern) {
        return pattern.matcher(text).find();
    }

    /** The sides and their traffic, in columns. */
    static String text(String sides, Traffic traffic) {
        int size = traffic.size();
        return String.format(
                Locale.ROOT,
                "%-25s %-5s %6s",
                sides,
                traffic.direction() == Direction.READ ? "read" : "write",
                size < MIB ? size / KIB + " KiB" : size / MIB + " MiB");
    }

    /** What was measured, beside the targets. */
    String result(Paired<Measurement> paired) {
        Ratio ratio = paired.ratio(Measurement::perSecond);
        String text =
                String.format(
                        Locale.ROOT,
                        " %9.0f %9.0f  %s%s",
                        Paired.median(paired.ours(), Measurement::perSecond),
                        Paired.median(paired.theirs(), Measurement::perSecond),
                        ratio,
                        verdict("at least", speed, ratio.misses(speed)));
        if (paired.ours().getFirst().cpuNanos() == 0) {
            return text;
        }
        Ratio cpuRatio = paired.ratio(Measurement::cpuMicros);
        return text
                + String.format(
                        Locale.ROOT,
                        "  cpu %7.2f %7.2f  %s%s",
                        Paired.median(paired.ours(), Measurement::cpuMicros),
                        Paired.median(paired.theirs(), Measurement::cpuMicros),
                        cpuRatio,
                        verdict("at most", cpu, cpuRatio.exceeds(cpu)));
    }

    private static String verdict(String bound, double target, boolean missed) {
        return Double.isNaN(target)
                ? ""
                : String.format(
                        Locale.ROOT, " %s %.2f %s", bound, target, missed ? "missed" : "met");
    }
}
