package io.pinbounce.pi;

import io.pinbounce.internal.crc.Crc16T10Dif;
import io.pinbounce.internal.crc.Crc32c;
import io.pinbounce.internal.crc.Crc64Nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The layout of a tuple and the CRC of its guard: the protection information formats of the NVM
 * Command Set specification. All fields are big-endian and may lie at any address. A storage tag,
 * if there is one, takes the most significant bits of the last field, and the reference tag the
 * rest.
 */
public enum PiFormat {
    /**
     * The 16-bit guard of T10 DIF and NVMe, CRC-16/T10-DIF:
     *
     * <pre>{@code
     * byte  0       2       4                   8
     *     +-------+-------+-------------------+
     *     | guard | app   | storage | ref tag |
     *     +-------+-------+-------------------+
     * }</pre>
     */
    GUARD_16(8, 2, 512, 0, 32),

    /**
     * The 32-bit guard of NVMe, CRC-32C. The reference tag has at most 64 of the 80 bits, so there
     * is always a storage tag:
     *
     * <pre>{@code
     * byte  0               4       6                                      16
     *     +---------------+-------+----------------------------------------+
     *     | guard         | app   | storage | ref tag                      |
     *     +---------------+-------+----------------------------------------+
     * }</pre>
     */
    GUARD_32(16, 4, 4096, 16, 64),

    /**
     * The 64-bit guard of NVMe, CRC-64/NVME:
     *
     * <pre>{@code
     * byte  0                               8      10                      16
     *     +-------------------------------+-------+------------------------+
     *     | guard                         | app   | storage | ref tag      |
     *     +-------------------------------+-------+------------------------+
     * }</pre>
     */
    GUARD_64(16, 8, 4096, 0, 48);

    private static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final int tupleSize;
    private final int guardSize;
    private final int intervalUnit;
    private final int minStorageTagSize;
    private final int maxStorageTagSize;

    PiFormat(
            int tupleSize,
            int guardSize,
            int intervalUnit,
            int minStorageTagSize,
            int maxStorageTagSize) {
        this.tupleSize = tupleSize;
        this.guardSize = guardSize;
        this.intervalUnit = intervalUnit;
        this.minStorageTagSize = minStorageTagSize;
        this.maxStorageTagSize = maxStorageTagSize;
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
        return ones(8 * guardSize);
    }

    /**
     * The least that a storage tag takes.
     *
     * @return bits
     */
    public int minStorageTagSize() {
        return minStorageTagSize;
    }

    /**
     * The most that a storage tag may take.
     *
     * @return bits
     */
    public int maxStorageTagSize() {
        return maxStorageTagSize;
    }

    /**
     * Continues a guard over a range of memory: the CRC alone, for other uses. Any number of
     * threads may call at once.
     *
     * @param seed the guard of the bytes before, 0 if there are none
     * @param memory heap, native or mapped memory, at any alignment
     * @param offset the first byte of the range
     * @param length bytes in the range
     * @return the guard, as an unsigned number
     * @throws IndexOutOfBoundsException if the range is not inside {@code memory}
     * @throws IllegalStateException if the memory's arena has been closed
     */
    public long updateGuard(long seed, MemorySegment memory, long offset, long length) {
        return switch (this) {
            case GUARD_16 -> Crc16T10Dif.update((int) seed, memory, offset, length);
            case GUARD_32 ->
                    Integer.toUnsignedLong(Crc32c.update((int) seed, memory, offset, length));
            case GUARD_64 -> Crc64Nvme.update(seed, memory, offset, length);
        };
    }

    long updateGuardZeros(long seed, long length) {
        return switch (this) {
            case GUARD_16 -> Crc16T10Dif.updateZeros((int) seed, length);
            case GUARD_32 -> Integer.toUnsignedLong(Crc32c.updateZeros((int) seed, length));
            case GUARD_64 -> Crc64Nvme.updateZeros(seed, length);
        };
    }

    /** The bits that storage and reference tag share. */
    int tagBits() {
        return 8 * (tupleSize - guardSize - Short.BYTES);
    }

    long guard(MemorySegment memory, long offset) {
        return switch (this) {
            case GUARD_16 -> Short.toUnsignedLong(memory.get(U16, offset));
            case GUARD_32 -> Integer.toUnsignedLong(memory.get(U32, offset));
            case GUARD_64 -> memory.get(U64, offset);
        };
    }

    int appTag(MemorySegment memory, long offset) {
        return Short.toUnsignedInt(memory.get(U16, offset + guardSize));
    }

    /** The part of the shared bits that does not fit into 64: the first 16 of 80, or none. */
    int highTagBits(MemorySegment memory, long offset) {
        return this == GUARD_32 ? Short.toUnsignedInt(memory.get(U16, offset + 6)) : 0;
    }

    /** The last 64 of the shared bits, or all if there are fewer. */
    long lowTagBits(MemorySegment memory, long offset) {
        return switch (this) {
            case GUARD_16 -> Integer.toUnsignedLong(memory.get(U32, offset + 4));
            case GUARD_32 -> memory.get(U64, offset + 8);
            case GUARD_64 ->
                    Short.toUnsignedLong(memory.get(U16, offset + 10)) << 32
                            | Integer.toUnsignedLong(memory.get(U32, offset + 12));
        };
    }

    void put(
            MemorySegment memory,
            long offset,
            long guard,
            int appTag,
            int highTagBits,
            long lowTagBits) {
        switch (this) {
            case GUARD_16 -> {
                memory.set(U16, offset, (short) guard);
                memory.set(U32, offset + 4, (int) lowTagBits);
            }
            case GUARD_32 -> {
                memory.set(U32, offset, (int) guard);
                memory.set(U16, offset + 6, (short) highTagBits);
                memory.set(U64, offset + 8, lowTagBits);
            }
            case GUARD_64 -> {
                memory.set(U64, offset, guard);
                memory.set(U16, offset + 10, (short) (lowTagBits >>> 32));
                memory.set(U32, offset + 12, (int) lowTagBits);
            }
        }
        memory.set(U16, offset + guardSize, (short) appTag);
    }

    /** A number of 0 to 64 ones. */
    static long ones(int bits) {
        return bits == 0 ? 0 : -1L >>> (Long.SIZE - bits);
    }
}
