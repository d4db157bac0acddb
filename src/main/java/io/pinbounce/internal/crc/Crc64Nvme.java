package io.pinbounce.internal.crc;

import io.pinbounce.internal.linux.StubLibrary;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * CRC-64/NVME: the 64-bit guard of protection information.
 *
 * <p>Polynomial 0xAD93D23594C93659, least significant bit first, inverted before and after; the
 * check value, of the ASCII digits 1 to 9, is 0xAE8B14860A799888 (NVM Command Set specification;
 * {@code crc64_nvme} of Linux 6.18). The CRC of the bytes so far is the seed for the bytes that
 * follow, 0 if there are none: the inversions are undone inside.
 *
 * <p>Any number of threads may call at once. A thread's first call of the Java twin sets 4 KiB
 * aside for that thread; no later call allocates. Every byte of the memory is read exactly once.
 *
 * <h2>How the Java twin gets its speed</h2>
 *
 * <p>A table look-up must wait for the one before it. Long ranges are therefore folded: a word is
 * taken off the front of the message and added again four words further on, after eight look-ups
 * that multiply it by x^256. Four words are under way at once and never wait for each other:
 *
 * <pre>{@code
 * | w0 | w1 | w2 | w3 | next |  ...
 *   |                    ^
 *   +------- fold -------+
 * }</pre>
 *
 * <p>The last four words go through tables that multiply by x^64, one after the other.
 */
public final class Crc64Nvme {

    /** The polynomial without its x^64; x^0 is the most significant bit. */
    private static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    /** x^0 and x^8, least significant bit first. */
    private static final long ONE = 1L << 63;

    private static final long X8 = ONE >>> 8;

    private static final ValueLayout.OfLong LITTLE_ENDIAN =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Words that a fold keeps in registers. */
    private static final int STRIPE = 4;

    /** Multiplies by x^64: entry {@code 256 * k + b} for byte {@code b}, {@code k} from the end. */
    private static final long[] STEP = table(Long.BYTES);

    /** Multiplies by x^256. */
    private static final long[] FOLD = table(STRIPE * Long.BYTES);

    /**
     * The words to work on next. Reading them from the segment one at a time would cost much more
     * as soon as a JVM has seen three kinds of segment, because the compiler then no longer knows
     * which one it has; a bulk copy asks once, and costs little beside the CRC.
     */
    private static final ThreadLocal<long[]> WORDS = ThreadLocal.withInitial(() -> new long[512]);

    private Crc64Nvme() {}

    /**
     * Continues a CRC over a range of memory.
     *
     * @param seed the CRC of the bytes before, 0 if there are none; any 64 bits
     * @param memory heap, native or mapped memory, at any alignment
     * @param offset the first byte of the range
     * @param length bytes in the range
     * @return the CRC, as 64 bits
     * @throws IndexOutOfBoundsException if the range is not inside {@code memory}
     * @throws IllegalStateException if the memory's arena has been closed
     * @throws WrongThreadException if the memory is confined to another thread
     */
    public static long update(long seed, MemorySegment memory, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        if (NativeCrc.serves(memory, length)) {
            return NativeCrc.update(StubLibrary.Guard.CRC64_NVME, seed, memory, offset, length);
        }
        return updateJava(seed, memory, offset, length);
    }

    /** The Java twin; the range is inside the memory. */
    static long updateJava(long seed, MemorySegment memory, long offset, long length) {
        long[] words = WORDS.get();
        long position = offset;
        long end = offset + length;
        long register = ~seed;
        while (end - position >= Long.BYTES) {
            int count = (int) Math.min(words.length, (end - position) / Long.BYTES);
            MemorySegment.copy(memory, LITTLE_ENDIAN, position, words, 0, count);
            register = updateWords(register, words, count);
            position += (long) count * Long.BYTES;
        }
        for (; position < end; position++) {
            int next = Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, position));
            register = (register >>> 8) ^ STEP[((int) register & 0xFF) ^ next];
        }
        return ~register;
    }

    /**
     * Continues a CRC over zero bytes, in time that grows with the logarithm of their number.
     *
     * @param seed the CRC of the bytes before, 0 if there are none; any 64 bits
     * @param length how many zero bytes follow
     * @return the CRC, as 64 bits
     * @throws IllegalArgumentException if {@code length} is negative
     */
    public static long updateZeros(long seed, long length) {
        if (length < 0) {
            throw new IllegalArgumentException(
                    "The number of zero bytes must be 0 or more, length=" + length);
        }
        return ~multiply(~seed, powerOfX8(length));
    }

    private static long updateWords(long seed, long[] words, int count) {
        long register = seed;
        int at = 0;
        if (count >= 2 * STRIPE) {
            register = fold(register, words, count);
            at = count - count % STRIPE;
        }
        for (; at < count; at++) {
            register = multiplied(STEP, words[at] ^ register);
        }
        return register;
    }

    /** The register after the whole stripes among the words; there is at least one. */
    private static long fold(long seed, long[] words, int count) {
        long w0 = words[0] ^ seed;
        long w1 = words[1];
        long w2 = words[2];
        long w3 = words[3];
        for (int at = STRIPE; at <= count - STRIPE; at += STRIPE) {
            w0 = words[at] ^ multiplied(FOLD, w0);
            w1 = words[at + 1] ^ multiplied(FOLD, w1);
            w2 = words[at + 2] ^ multiplied(FOLD, w2);
            w3 = words[at + 3] ^ multiplied(FOLD, w3);
        }
        long register = multiplied(STEP, w0);
        register = multiplied(STEP, w1 ^ register);
        register = multiplied(STEP, w2 ^ register);
        return multiplied(STEP, w3 ^ register);
    }

    /** A word times the power of x that a table is made for. */
    private static long multiplied(long[] table, long word) {
        return table[7 * 256 + (int) (word & 0xFF)]
                ^ table[6 * 256 + (int) (word >>> 8 & 0xFF)]
                ^ table[5 * 256 + (int) (word >>> 16 & 0xFF)]
                ^ table[4 * 256 + (int) (word >>> 24 & 0xFF)]
                ^ table[3 * 256 + (int) (word >>> 32 & 0xFF)]
                ^ table[2 * 256 + (int) (word >>> 40 & 0xFF)]
                ^ table[256 + (int) (word >>> 48 & 0xFF)]
                ^ table[(int) (word >>> 56)];
    }

    /** x^8 to a power, which is what so many zero bytes multiply by. */
    private static long powerOfX8(long exponent) {
        long result = ONE;
        long power = X8;
        // Squaring steps from one binary digit of the exponent to the next.
        for (long rest = exponent; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                result = multiply(result, power);
            }
            power = multiply(power, power);
        }
        return result;
    }

    /** The product of two remainders. */
    private static long multiply(long a, long b) {
        long product = 0;
        long multiple = a;
        for (int bit = 63; bit >= 0; bit--) {
            product ^= -(b >>> bit & 1) & multiple;
            multiple = (multiple >>> 1) ^ (-(multiple & 1) & POLYNOMIAL);
        }
        return product;
    }

    /**
     * A table that multiplies a word by x to the power of 8 * {@code bytes}. The word's last byte,
     * the most significant, is 7 bytes nearer to the end than its first.
     */
    private static long[] table(int bytes) {
        long[] table = new long[8 * 256];
        long last = powerOfX8(bytes - 7);
        for (int value = 0; value < 256; value++) {
            long product = multiply(value, last);
            for (int slice = 0; slice < 8; slice++) {
                table[256 * slice + value] = product;
                product = multiply(product, X8);
            }
        }
        return table;
    }
}
