package io.pinbounce.internal.crc;

import io.pinbounce.internal.linux.StubLibrary;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * CRC-16/T10-DIF: the 16-bit guard of protection information.
 *
 * <p>Polynomial 0x8BB7, most significant bit first, initial value 0, no inversion at the end; the
 * check value, of the ASCII digits 1 to 9, is 0xD0DB (T10 SBC-3; {@code lib/crc} of Linux 6.18).
 * Because nothing is inverted, the CRC of the bytes so far is the seed for the bytes that follow.
 *
 * <p>Any number of threads may call at once. A thread's first call of the Java twin sets 4 KiB
 * aside for that thread; no later call allocates. Every byte of the memory is read exactly once.
 *
 * <h2>How the Java twin gets its speed</h2>
 *
 * <p>A table look-up must wait for the one before it. Long ranges are therefore folded first, with
 * shifts alone, since the polynomial has a multiple with only three terms:
 *
 * <pre>{@code x^384 = x^46 + x^15   (modulo the polynomial)}</pre>
 *
 * <p>So a 64-bit word may be taken off the front of the message and added again six words (384
 * bits) further on, shifted left by 46 and by 15 bits, and the remainder stays what it was:
 *
 * <pre>{@code
 * front                            w0 << 46 ^ w0 << 15     the product's low 64 bits
 *   |                                |
 *   v                                v
 * | w0 | w1 | w2 | w3 | w4 | w5 | next |  ...
 *                            ^
 *                            |
 *                          w0 >>> 18 ^ w0 >>> 49           its high bits
 * }</pre>
 *
 * <p>Six words live in registers; what is left of them at the end goes through the tables, eight
 * bytes at a time.
 */
public final class Crc16T10Dif {

    /** The polynomial without its x^16. */
    private static final int POLYNOMIAL = 0x8BB7;

    /** A plain copy on little-endian machines; {@link #word} turns the bytes round. */
    private static final ValueLayout.OfLong LITTLE_ENDIAN =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Words that a fold keeps in registers. */
    private static final int STRIPE = 6;

    /** Entry {@code 256 * k + b}: the CRC of byte {@code b} followed by {@code k} zero bytes. */
    private static final char[] TABLE = table();

    /**
     * The words to work on next. Reading them from the segment one at a time would cost five times
     * as much as soon as a JVM has seen three kinds of segment, because the compiler then no longer
     * knows which one it has; a bulk copy asks once, and costs little beside the CRC.
     */
    private static final ThreadLocal<long[]> WORDS = ThreadLocal.withInitial(() -> new long[512]);

    private Crc16T10Dif() {}

    /**
     * Continues a CRC over a range of memory.
     *
     * @param seed the CRC of the bytes before, 0 if there are none; 0 to 0xFFFF
     * @param memory heap, native or mapped memory, at any alignment
     * @param offset the first byte of the range
     * @param length bytes in the range
     * @return the CRC, 0 to 0xFFFF
     * @throws IndexOutOfBoundsException if the range is not inside {@code memory}
     * @throws IllegalStateException if the memory's arena has been closed
     * @throws WrongThreadException if the memory is confined to another thread
     */
    public static int update(int seed, MemorySegment memory, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        if (NativeCrc.serves(memory, length)) {
            return (int)
                    NativeCrc.update(StubLibrary.Guard.CRC16_T10DIF, seed, memory, offset, length);
        }
        return updateJava(seed, memory, offset, length);
    }

    /** The Java twin; the range is inside the memory. */
    static int updateJava(int seed, MemorySegment memory, long offset, long length) {
        long[] words = WORDS.get();
        long position = offset;
        long end = offset + length;
        int crc = seed;
        while (end - position >= Long.BYTES) {
            int count = (int) Math.min(words.length, (end - position) / Long.BYTES);
            MemorySegment.copy(memory, LITTLE_ENDIAN, position, words, 0, count);
            crc = updateWords(crc, words, count);
            position += (long) count * Long.BYTES;
        }
        for (; position < end; position++) {
            int next = Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, position));
            crc = (crc << 8 & 0xFFFF) ^ TABLE[crc >>> 8 ^ next];
        }
        return crc;
    }

    /**
     * Continues a CRC over zero bytes, in time that grows with the logarithm of their number.
     *
     * @param seed the CRC of the bytes before, 0 if there are none; 0 to 0xFFFF
     * @param length how many zero bytes follow
     * @return the CRC, 0 to 0xFFFF
     * @throws IllegalArgumentException if {@code length} is negative
     */
    public static int updateZeros(int seed, long length) {
        if (length < 0) {
            throw new IllegalArgumentException(
                    "The number of zero bytes must be 0 or more, length=" + length);
        }
        int crc = seed;
        // A zero byte multiplies by x^8; squaring steps from one binary digit of length to the
        // next.
        int power = 1 << 8;
        for (long rest = length; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                crc = multiply(crc, power);
            }
            power = multiply(power, power);
        }
        return crc;
    }

    private static int updateWords(int seed, long[] words, int count) {
        int crc = seed;
        int at = 0;
        if (count >= 2 * STRIPE) {
            crc = fold(crc, words, count);
            at = count - count % STRIPE;
        }
        for (; at < count; at++) {
            crc = updateWord(crc, word(words, at));
        }
        return crc;
    }

    /** The CRC of the whole stripes among the words; there is at least one. */
    private static int fold(int seed, long[] words, int count) {
        long w0 = word(words, 0) ^ (long) seed << 48;
        long w1 = word(words, 1);
        long w2 = word(words, 2);
        long w3 = word(words, 3);
        long w4 = word(words, 4);
        long w5 = word(words, 5);
        for (int at = STRIPE; at <= count - STRIPE; at += STRIPE) {
            w5 ^= high(w0);
            w0 = word(words, at) ^ low(w0) ^ high(w1);
            w1 = word(words, at + 1) ^ low(w1) ^ high(w2);
            w2 = word(words, at + 2) ^ low(w2) ^ high(w3);
            w3 = word(words, at + 3) ^ low(w3) ^ high(w4);
            w4 = word(words, at + 4) ^ low(w4) ^ high(w5);
            w5 = word(words, at + 5) ^ low(w5);
        }
        int crc = updateWord(updateWord(updateWord(0, w0), w1), w2);
        return updateWord(updateWord(updateWord(crc, w3), w4), w5);
    }

    private static long low(long word) {
        return word << 46 ^ word << 15;
    }

    private static long high(long word) {
        return word >>> 18 ^ word >>> 49;
    }

    /** The first byte of the message belongs in the most significant byte of its word. */
    private static long word(long[] words, int at) {
        return Long.reverseBytes(words[at]);
    }

    private static int updateWord(int crc, long word) {
        long sum = word ^ (long) crc << 48;
        return TABLE[7 * 256 + (int) (sum >>> 56)]
                ^ TABLE[6 * 256 + (int) (sum >>> 48 & 0xFF)]
                ^ TABLE[5 * 256 + (int) (sum >>> 40 & 0xFF)]
                ^ TABLE[4 * 256 + (int) (sum >>> 32 & 0xFF)]
                ^ TABLE[3 * 256 + (int) (sum >>> 24 & 0xFF)]
                ^ TABLE[2 * 256 + (int) (sum >>> 16 & 0xFF)]
                ^ TABLE[256 + (int) (sum >>> 8 & 0xFF)]
                ^ TABLE[(int) (sum & 0xFF)];
    }

    /** The product of two remainders. */
    private static int multiply(int a, int b) {
        int product = 0;
        for (int bit = 15; bit >= 0; bit--) {
            product = timesX(product) ^ (b >>> bit & 1) * a;
        }
        return product;
    }

    private static int timesX(int remainder) {
        return (remainder << 1 & 0xFFFF) ^ (remainder >>> 15) * POLYNOMIAL;
    }

    private static char[] table() {
        char[] table = new char[8 * 256];
        for (int value = 0; value < 256; value++) {
            // A CRC is the remainder of the message times x^16, one x^8 per slice more.
            int crc = multiply(value, 1 << 8);
            for (int slice = 0; slice < 8; slice++) {
                crc = multiply(crc, 1 << 8);
                table[256 * slice + value] = (char) crc;
            }
        }
        return table;
    }
}
