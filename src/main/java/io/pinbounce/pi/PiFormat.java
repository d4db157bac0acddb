package io.pinbounce.pi;

import io.pinbounce.crc.Crc16T10Dif;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The layout of a tuple and the CRC of its guard. All fields are big-endian and may lie at any
 * address.
 */
public enum PiFormat {
    /**
     * The 16-bit guard of T10 DIF and NVMe, CRC-16/T10-DIF:
     *
     * <pre>{@code
     * byte  0       1       2       3       4       5       6       7
     *     +-------+-------+-------+-------+-------+-------+-------+-------+
     *     |     guard     |    app tag    |            ref tag            |
     *     +-------+-------+-------+-------+-------+-------+-------+-------+
     * }</pre>
     */
    GUARD_16(8, 512, 0xFFFFL, 0xFFFF_FFFFL);

    private static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final int tupleSize;
    private final int intervalUnit;
    private final long guardMask;
    private final long refTagMask;

    PiFormat(int tupleSize, int intervalUnit, long guardMask, long refTagMask) {
        this.tupleSize = tupleSize;
        this.intervalUnit = intervalUnit;
        this.guardMask = guardMask;
        this.refTagMask = refTagMask;
    }

    /**
     * The size of a tuple.
     *
     * @return bytes
     */
    public int tupleSize() {
        return tupleSize;
    }

    /**
     * What the size of an interval must be a multiple of.
     *
     * @return bytes
     */
    public int intervalUnit() {
        return intervalUnit;
    }

    /**
     * The bits that a guard has.
     *
     * @return as many ones as the guard is wide
     */
    public long guardMask() {
        return guardMask;
    }

    /**
     * The bits that a reference tag has; larger numbers are truncated to them.
     *
     * @return as many ones as the tag is wide
     */
    public long refTagMask() {
        return refTagMask;
    }

    long updateGuard(long seed, MemorySegment memory, long offset, long length) {
        return Crc16T10Dif.update((int) seed, memory, offset, length);
    }

    long updateGuardZeros(long seed, long length) {
        return Crc16T10Dif.updateZeros((int) seed, length);
    }

    long guard(MemorySegment memory, long offset) {
        return Short.toUnsignedLong(memory.get(U16, offset));
    }

    int appTag(MemorySegment memory, long offset) {
        return Short.toUnsignedInt(memory.get(U16, offset + 2));
    }

    long refTag(MemorySegment memory, long offset) {
        return Integer.toUnsignedLong(memory.get(U32, offset + 4));
    }

    void put(MemorySegment memory, long offset, long guard, int appTag, long refTag) {
        memory.set(U16, offset, (short) guard);
        memory.set(U16, offset + 2, (short) appTag);
        memory.set(U32, offset + 4, (int) refTag);
    }
}
