package io.pinbounce.internal.crc;

/** The CRC by its definition, one bit at a time. */
final class BitSerialCrc {

    private BitSerialCrc() {}

    static int update(int polynomial, int seed, byte[] data, int offset, int length) {
        int crc = seed;
        for (int i = offset; i < offset + length; i++) {
            for (int bit = 7; bit >= 0; bit--) {
                int out = (crc >>> 15) ^ (data[i] >>> bit & 1);
                crc = crc << 1 & 0xFFFF;
                if (out != 0) {
                    crc ^= polynomial;
                }
            }
        }
        return crc;
    }

    /**
     * A CRC that takes the least significant bit first and inverts before and after, so that
     * results are seeds.
     */
    static long updateReflected(
            long polynomial, int width, long seed, byte[] data, int offset, int length) {
        long mask = -1L >>> (64 - width);
        long register = ~seed & mask;
        for (int i = offset; i < offset + length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                long out = (register ^ data[i] >>> bit) & 1;
                register >>>= 1;
                if (out != 0) {
                    register ^= polynomial;
                }
            }
        }
        return ~register & mask;
    }
}
