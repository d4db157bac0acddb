package io.pinbounce.tool.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * The median of ratios, and an interval that holds the true median with a probability of at least
 * 95 %, however the ratios are distributed. Immutable.
 *
 * <p>Of n values each lies below the true median with probability 1/2, so how many do is binomially
 * distributed; the k-th smallest and the k-th largest value enclose the median unless fewer than k
 * lie on one side of it. For 31 values k is 10.
 *
 * @param median of the ratios
 * @param low where the interval starts
 * @param high where it ends
 */
public record Ratio(double median, double low, double high) {

    private static final double ERROR = 0.05;

    static final int FEWEST = 6;

    static final int MOST = 1000;

    /**
     * Sums up ratios.
     *
     * @param ratios 6 to 1000 of them, positive and finite, in any order
     * @return their median and its interval
     * @throws IllegalArgumentException if there are too few, too many, or one is no ratio
     */
    public static Ratio of(double... ratios) {
        return of(Double.MIN_VALUE, ratios);
    }

    /**
     * Sums up ratios that may be negative, since one side is a difference.
     *
     * @param ratios 6 to 1000 of them, finite, in any order
     * @return their median and its interval
     * @throws IllegalArgumentException if there are too few, too many, or one is no number
     */
    public static Ratio ofAny(double... ratios) {
        return of(-Double.MAX_VALUE, ratios);
    }

    private static Ratio of(double least, double[] ratios) {
        double[] sorted = ratios.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        int rank = rank(n);
        // NaN is sorted behind everything else.
        if (!(sorted[0] >= least && sorted[n - 1] < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "A ratio must be positive and finite; see that both sides measured something,"
                            + (" smallest=" + sorted[0] + " largest=" + sorted[n - 1]));
        }
        return new Ratio(median(sorted), sorted[rank - 1], sorted[n - rank]);
    }

    /**
     * Whether a target is missed for certain: the whole interval lies below it.
     *
     * @param target the ratio that is asked for
     * @return whether even the interval's end is smaller
     */
    public boolean misses(double target) {
        return high < target;
    }

    /**
     * Whether a limit is exceeded for certain: the whole interval lies above it.
     *
     * @param limit the ratio that is allowed
     * @return whether even the interval's start is larger
     */
    public boolean exceeds(double limit) {
        return low > limit;
    }

    /** How many values from either end the interval starts. */
    static int rank(int n) {
        if (n < FEWEST || n > MOST) {
            throw new IllegalArgumentException(
                    "The median's interval takes 6 to 1000 values, values=" + n);
        }
        // The probability that exactly k of n values lie below the median, from k = 0 on.
        double exactly = Math.scalb(1.0, -n);
        double atMost = exactly;
        int k = 0;
        while (2 * atMost <= ERROR) {
            k++;
            exactly *= (double) (n - k + 1) / k;
            atMost += exactly;
        }
        return k;
    }

    /** The middle value, or half-way between the middle two. */
    static double median(double[] sorted) {
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f [%.2f %.2f]", median, low, high);
    }
}
