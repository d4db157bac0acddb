package io.pinbounce.pi;

/**
 * A range of bytes, counted in data alone or in extended LBAs, where each interval is followed by
 * its metadata. Immutable.
 *
 * @param offset the first byte, 0 or more
 * @param length bytes, 0 or more
 */
public record PiRange(long offset, long length) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative, or the range ends past 2^63 - 1
     */
    public PiRange {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException(
                    "A range must lie in 0 to 2^63 - 1, offset=" + offset + " length=" + length);
        }
    }

    /**
     * From data bytes to the bytes of extended LBAs that hold them; metadata belongs to the last
     * byte of its interval.
     *
     * @param context the sizes of intervals and metadata
     * @return the range among data and metadata
     * @throws IllegalArgumentException if it would end past 2^63 - 1
     */
    public PiRange toExtended(PiContext context) {
        long end = offset + length;
        if (end / context.interval() > (Long.MAX_VALUE - end) / context.metadataSize()) {
            throw new IllegalArgumentException(
                    "The range with metadata must end at 2^63 - 1 or before, offset="
                            + offset
                            + " length="
                            + length
                            + " metadataSize="
                            + context.metadataSize());
        }
        long start = extended(context, offset);
        return new PiRange(start, extended(context, end) - start);
    }

    /**
     * From bytes of extended LBAs to the data bytes among them; the way back from {@link
     * #toExtended}.
     *
     * @param context the sizes of intervals and metadata
     * @return the range in data alone
     */
    public PiRange toData(PiContext context) {
        long start = data(context, offset);
        return new PiRange(start, data(context, offset + length) - start);
    }

    private static long extended(PiContext context, long data) {
        return data + data / context.interval() * context.metadataSize();
    }

    private static long data(PiContext context, long extended) {
        long rest = Math.min(extended % context.blockSize(), context.interval());
        return extended / context.blockSize() * context.interval() + rest;
    }
}
