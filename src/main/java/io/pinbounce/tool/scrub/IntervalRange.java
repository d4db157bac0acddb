package io.pinbounce.tool.scrub;

/**
 * Intervals that follow each other.
 *
 * @param first number of the first, counted from the start of the file
 * @param last number of the last, which is one of them
 */
public record IntervalRange(long first, long last) {

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if there is no such range
     */
    public IntervalRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException(
                    "intervals are counted from 0 on, and the first is not behind the last,"
                            + (" first=" + first + " last=" + last));
        }
    }

    /** Their first byte, in a file of some size. */
    long start(int interval, long size) {
        return first <= size / interval ? Math.min(first * interval, size) : size;
    }

    /** The byte behind their last. */
    long end(int interval, long size) {
        return last < size / interval ? (last + 1) * interval : size;
    }

    @Override
    public String toString() {
        return first == last ? "" + first : first + ".." + last;
    }
}
