package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.crc.Crc64Nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A sector of a sidecar, which checks itself: its last 8 bytes are the CRC-64/NVME of the others,
 * seeded with the sidecar's identity and the sector's number. So a sector that is torn, damaged,
 * from another sidecar or in another place is recognised.
 *
 * <pre>
 *   0                                            504       512
 *   |  body                                       |  check  |
 * </pre>
 */
final class Sector {

    /** Bytes: no known disk tears a sector of that size. */
    static final int SIZE = 512;

    /** Bytes before the check. */
    static final int BODY = SIZE - Long.BYTES;

    static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Sector() {}

    /**
     * Adds the check to a body.
     *
     * @param memory where the sector is
     * @param at its first byte there
     * @param identity the sidecar's
     * @param position of the sector, in bytes from the start of the sidecar
     */
    static void stamp(MemorySegment memory, long at, long identity, long position) {
        memory.set(U64, at + BODY, check(memory, at, identity, position));
    }

    /** Whether the check is right. */
    static boolean isGood(MemorySegment memory, long at, long identity, long position) {
        return memory.get(U64, at + BODY) == check(memory, at, identity, position);
    }

    /** Whether the sector is all zeros: it was never written. */
    static boolean isBlank(MemorySegment memory, long at) {
        for (int i = 0; i < SIZE; i += Long.BYTES) {
            if (memory.get(U64, at + i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static long check(MemorySegment memory, long at, long identity, long position) {
        // For messages of one length, different seeds give different checks of the same body.
        return Crc64Nvme.update(identity + position / SIZE, memory, at, BODY);
    }
}
