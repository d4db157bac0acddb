package io.pinbounce.internal.crc;

import io.pinbounce.internal.linux.StubLibrary;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * CRC-32C (CRC-32/ISCSI): the 32-bit guard of protection information.
 *
 * <p>Polynomial 0x1EDC6F41, least significant bit first, inverted before and after; the check
 * value, of the ASCII digits 1 to 9, is 0xE3069283 (RFC 3720; NVM Command Set specification). The
 * CRC of the bytes so far is the seed for the bytes that follow, 0 if there are none: inversions
 * are undone inside.
 *
 * <p>Any number of threads may call at once. A thread's first call of the Java twin sets 8 KiB
 * aside for that thread; no later call allocates. Every byte of the memory is read exactly once.
 *
 * <p>The Java twin leaves the work to {@link CRC32C}, which the JVM replaces with the processor's
 * own instructions, over copies of the memory: a mapped file that is truncated meanwhile then fails
 * with an error instead of ending the process, and a copy costs little beside the CRC.
 */
public final class Crc32c {

    /** The polynomial without its x^32; x^0 is the most significant bit. */
    private static final int POLYNOMIAL = 0x82F63B78;

    /** x^0 and x^8, least significant bit first. */
    private static final int ONE = 1 << 31;

    private static final int X8 = ONE >>> 8;

    private static final ThreadLocal<Work> WORK = ThreadLocal.withInitial(Work::new);

    /** What a thread works with. */
    private static final class Work {
        final CRC32C crc = new CRC32C();
        final byte[] bytes = new byte[8192];
    }

    private Crc32c() {}

    /**
     * Continues a CRC over a range of memory.
     *
     * @param seed the CRC of the bytes before, 0 if there are none; any 32 bits
     * @param memory heap, native or mapped memory, at any alignment
     * @param offset the first byte of the range
     * @param length bytes in the range
     * @return the CRC, as 32 bits
     * @throws IndexOutOfBoundsException if the range is not inside {@code memory}
     * @throws IllegalStateException if the memory's arena has been closed
     * @throws WrongThreadException if the memory is confined to another thread
     */
    public static int update(int seed, MemorySegment memory, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        if (NativeCrc.serves(memory, length)) {
            return (int)
                    NativeCrc.update(
                            StubLibrary.Guard.CRC32C,
                            Integer.toUnsignedLong(seed),
                            memory,
                            offset,
                            length);
        }
        return updateJava(seed, memory, offset, length);
    }

    /** The Java twin; the range is inside the memory. */
    static int updateJava(int seed, MemorySegment memory, long offset, long length) {
        Work work = WORK.get();
        CRC32C crc = work.crc;
        start(crc, seed);
        byte[] bytes = work.bytes;
        long end = offset + length;
        for (long position = offset; position < end; ) {
            int count = (int) Math.min(bytes.length, end - position);
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, position, bytes, 0, count);
            crc.update(bytes, 0, count);
            position += count;
        }
        return (int) crc.getValue();
    }

    /**
     * Continues a CRC over zero bytes, in time that grows with the logarithm of their number.
     *
     * @param seed the CRC of the bytes before, 0 if there are none; any 32 bits
     * @param length how many zero bytes follow
     * @return the CRC, as 32 bits
     * @throws IllegalArgumentException if {@code length} is negative
     */
    public static int updateZeros(int seed, long length) {
        if (length < 0) {
            throw new IllegalArgumentException(
                    "The number of zero bytes must be 0 or more, length=" + length);
        }
        int register = ~seed;
        // A zero byte multiplies by x^8; squaring steps from one binary digit of length to the
        // next.
        int power = X8;
        for (long rest = length; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                register = multiply(register, power);
            }
            power = multiply(power, power);
        }
        return ~register;
    }

    /**
     * Sets a CRC to a seed. The JDK's class starts only from 0; but four bytes can take it to every
     * value, and dividing the seed's register by x^32 says which.
     */
    private static void start(CRC32C crc, int seed) {
        crc.reset();
        if (seed == 0) {
            return;
        }
        int register = ~seed;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            int out = register >>> 31;
            register = ((register ^ (-out & POLYNOMIAL)) << 1) | out;
        }
        int bytes = ~register;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            crc.update(bytes >>> shift & 0xFF);
        }
    }

    /** The product of two remainders. */
    private static int multiply(int a, int b) {
        int product = 0;
        int multiple = a;
        for (int bit = 31; bit >= 0; bit--) {
            product ^= -(b >>> bit & 1) & multiple;
            multiple = (multiple >>> 1) ^ (-(multiple & 1) & POLYNOMIAL);
        }
        return product;
    }
}
