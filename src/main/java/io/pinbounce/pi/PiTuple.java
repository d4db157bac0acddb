package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;

/**
 * The protection information of one interval. Immutable.
 *
 * @param guard the CRC over the interval, as an unsigned number
 * @param appTag the application tag, 0 to 0xFFFF
 * @param refTag the reference tag, as an unsigned number
 */
public record PiTuple(long guard, int appTag, long refTag) {

    /** The application tag that switches checks off: see {@link io.pinbounce.pi}, "Escape". */
    public static final int ESCAPE_APP_TAG = 0xFFFF;

    /**
     * Checks the application tag, the one field whose width does not depend on the format.
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
     * Reads a tuple.
     *
     * @param format its layout
     * @param memory where it is, at any alignment
     * @param offset its first byte
     * @return the tuple
     * @throws IndexOutOfBoundsException if the tuple is not inside {@code memory}
     */
    public static PiTuple read(PiFormat format, MemorySegment memory, long offset) {
        return new PiTuple(
                format.guard(memory, offset),
                format.appTag(memory, offset),
                format.refTag(memory, offset));
    }

    /**
     * Writes this tuple.
     *
     * @param format its layout
     * @param memory where it goes, at any alignment
     * @param offset its first byte
     * @throws IndexOutOfBoundsException if the tuple is not inside {@code memory}
     * @throws IllegalArgumentException if a field is wider than the format's, or {@code memory} is
     *     read-only; nothing is written
     */
    public void write(PiFormat format, MemorySegment memory, long offset) {
        if ((guard & ~format.guardMask()) != 0 || (refTag & ~format.refTagMask()) != 0) {
            throw new IllegalArgumentException(
                    "The tuple does not fit the format; guard and reference tag must be at most "
                            + hex(format.guardMask())
                            + " and "
                            + hex(format.refTagMask())
                            + ", format="
                            + format
                            + " "
                            + this);
        }
        format.put(memory.asSlice(offset, format.tupleSize()), 0, guard, appTag, refTag);
    }

    /** The fields in hexadecimal, as {@code guard=0xec39 appTag=0x1234 refTag=0x64}. */
    @Override
    public String toString() {
        return "guard=" + hex(guard) + " appTag=" + hex(appTag) + " refTag=" + hex(refTag);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
