package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;

/**
 * The protection information of one interval. Immutable.
 *
 * @param guard the CRC over the interval, as an unsigned number
 * @param appTag the application tag, 0 to 0xFFFF
 * @param storageTag the storage tag, as an unsigned number
 * @param refTag the reference tag, as an unsigned number
 */
public record PiTuple(long guard, int appTag, long storageTag, long refTag) {

    /** The application tag that switches checks off: see {@link io.pinbounce.pi}, "Escape". */
    public static final int ESCAPE_APP_TAG = 0xFFFF;

    /**
     * Checks the application tag, the one field whose width is always the same.
     *
     * @throws IllegalArgumentException if the application tag is wider than 16 bits
     */
    public PiTuple {
        if (appTag < 0 || appTag > 0xFFFF) {
            throw new IllegalArgumentException(
                    "An application tag must be 0 to 0xFFFF, appTag=" + hex(appTag));
        }
    }

    /**
     * A tuple with storage tag 0.
     *
     * @param guard the CRC over the interval, as an unsigned number
     * @param appTag the application tag, 0 to 0xFFFF
     * @param refTag the reference tag, as an unsigned number
     * @throws IllegalArgumentException if the application tag is wider than 16 bits
     */
    public PiTuple(long guard, int appTag, long refTag) {
        this(guard, appTag, 0, refTag);
    }

    /**
     * Reads a tuple.
     *
     * @param context its format and the size of its tags
     * @param memory where it is, at any alignment
     * @param offset its first byte
     * @return the tuple
     * @throws IndexOutOfBoundsException if the tuple is not inside {@code memory}
     */
    public static PiTuple read(PiContext context, MemorySegment memory, long offset) {
        PiFormat format = context.format();
        int high = format.highTagBits(memory, offset);
        long low = format.lowTagBits(memory, offset);
        return new PiTuple(
                format.guard(memory, offset),
                format.appTag(memory, offset),
                context.storageTagOf(high, low),
                context.refTagOf(low));
    }

    /**
     * Writes this tuple.
     *
     * @param context its format and the size of its tags
     * @param memory where it goes, at any alignment
     * @param offset its first byte
     * @throws IndexOutOfBoundsException if the tuple is not inside {@code memory}
     * @throws IllegalArgumentException if a field is wider than the format's, or {@code memory} is
     *     read-only; nothing is written
     */
    public void write(PiContext context, MemorySegment memory, long offset) {
        PiFormat format = context.format();
        long storageTagMask = PiFormat.ones(context.storageTagSize());
        if ((guard & ~format.guardMask()) != 0
                || (storageTag & ~storageTagMask) != 0
                || (refTag & ~context.refTagMask()) != 0) {
            throw new IllegalArgumentException(
                    "The tuple does not fit the format; guard, storage tag and reference tag must"
                            + " be at most "
                            + hex(format.guardMask())
                            + ", "
                            + hex(storageTagMask)
                            + " and "
                            + hex(context.refTagMask())
                            + ", format="
                            + format
                            + " "
                            + this);
        }
        format.put(
                memory.asSlice(offset, format.tupleSize()),
                0,
                guard,
                appTag,
                context.highTagBits(storageTag),
                context.lowTagBits(storageTag, refTag));
    }

    PiTuple withRefTag(long refTag) {
        return new PiTuple(guard, appTag, storageTag, refTag);
    }

    /**
     * The fields in hexadecimal, as {@code guard=0xec39 appTag=0x1234 refTag=0x64}; a storage tag
     * of 0 is left out.
     */
    @Override
    public String toString() {
        return "guard="
                + hex(guard)
                + " appTag="
                + hex(appTag)
                + (storageTag == 0 ? "" : " storageTag=" + hex(storageTag))
                + " refTag="
                + hex(refTag);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
