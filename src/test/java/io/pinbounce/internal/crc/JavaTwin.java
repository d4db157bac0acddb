package io.pinbounce.internal.crc;

import io.pinbounce.internal.linux.StubLibrary.Guard;

import java.lang.foreign.MemorySegment;

/** The Java twins of all guards, for tests and benchmarks that must not use the native ones. */
public final class JavaTwin {

    private JavaTwin() {}

    /** Continues a CRC over a range, which must be inside the memory. */
    public static long update(
            Guard guard, long seed, MemorySegment memory, long offset, long length) {
        return switch (guard) {
            case CRC16_T10DIF -> Crc16T10Dif.updateJava((int) seed, memory, offset, length);
            case CRC32C ->
                    Integer.toUnsignedLong(Crc32c.updateJava((int) seed, memory, offset, length));
            case CRC64_NVME -> Crc64Nvme.updateJava(seed, memory, offset, length);
        };
    }
}
