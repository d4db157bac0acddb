package io.pinbounce.internal.crc;

import java.lang.foreign.MemorySegment;

/** The two CRCs that take the least significant bit first, in one shape. */
enum ReflectedCrc {
    CRC_32C(32, 0x82F63B78L, "crc32c.csv") {
        @Override
        long update(long seed, MemorySegment memory, long offset, long length) {
            return Integer.toUnsignedLong(Crc32c.update((int) seed, memory, offset, length));
        }

        @Override
        long updateZeros(long seed, long length) {
            return Integer.toUnsignedLong(Crc32c.updateZeros((int) seed, length));
        }
    },
    CRC_64_NVME(64, 0x9A6C9329AC4BC9B5L, "crc64-nvme.csv") {
        @Override
        long update(long seed, MemorySegment memory, long offset, long length) {
            return Crc64Nvme.update(seed, memory, offset, length);
        }

        @Override
        long updateZeros(long seed, long length) {
            return Crc64Nvme.updateZeros(seed, length);
        }
    };

    final int width;
    final long polynomial;
    final String vectors;

    ReflectedCrc(int width, long polynomial, String vectors) {
        this.width = width;
        this.polynomial = polynomial;
        this.vectors = vectors;
    }

    abstract long update(long seed, MemorySegment memory, long offset, long length);

    abstract long updateZeros(long seed, long length);

    long seed(long random) {
        return random >>> (64 - width);
    }

    long bitSerial(long seed, byte[] data, int offset, int length) {
        return BitSerialCrc.updateReflected(polynomial, width, seed, data, offset, length);
    }
}
