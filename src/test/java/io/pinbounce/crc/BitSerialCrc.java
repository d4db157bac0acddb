package io.pinbounce.crc;

/** The definition: one bit at a time. */
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
}
