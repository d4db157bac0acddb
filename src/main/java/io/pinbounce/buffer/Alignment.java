package io.pinbounce.buffer;

/** Rounding of positions and lengths to units, which need not be powers of two. */
public final class Alignment {

    private Alignment() {}

    /**
     * Whether a value is a multiple of a unit.
     *
     * @param value not negative
     * @param unit positive
     * @return true for a multiple
     */
    public static boolean isAligned(long value, long unit) {
        return value % unit == 0;
    }

    /**
     * The multiple at or below a value.
     *
     * @param value not negative
     * @param unit positive
     * @return at most {@code value}
     */
    public static long down(long value, long unit) {
        return value - value % unit;
    }

    /**
     * The multiple at or above a value.
     *
     * @param value not negative
     * @param unit positive
     * @return at least {@code value}
     * @throws ArithmeticException if it does not fit a long
     */
    public static long up(long value, long unit) {
        long past = value % unit;
        return past == 0 ? value : Math.addExact(value, unit - past);
    }

    /**
     * The smallest unit that both units divide.
     *
     * @param first positive
     * @param second positive
     * @return their least common multiple
     * @throws ArithmeticException if it does not fit a long
     */
    public static long common(long first, long second) {
        long a = first;
        long b = second;
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return Math.multiplyExact(first / a, second);
    }
}
