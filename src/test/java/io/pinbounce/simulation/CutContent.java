package io.pinbounce.simulation;

import io.pinbounce.internal.crc.Crc16T10Dif;
import io.pinbounce.internal.crc.Crc32c;
import io.pinbounce.internal.crc.Crc64Nvme;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What writes bring. */
enum CutContent {
    /** Any bytes, sometimes zeros. */
    RANDOM {
        @Override
        void fill(byte[] bytes, long position, CutOracle oracle, RandomGenerator random) {
            if (random.nextInt(32) > 0) {
                random.nextBytes(bytes);
            }
        }
    },
    /**
     * Bytes that change no guard of any format but the widest, sector by sector: a guard alone
     * cannot tell a torn interval from a whole one.
     */
    GUARDS_FORGED {
        @Override
        void fill(byte[] bytes, long position, CutOracle oracle, RandomGenerator random) {
            forge(GUARDS, bytes, position, oracle, random);
        }
    },
    /** Bytes that change nothing at all that a seal has: what a mere guard makes of those above. */
    SEALS_FORGED {
        @Override
        void fill(byte[] bytes, long position, CutOracle oracle, RandomGenerator random) {
            forge(SEALS, bytes, position, oracle, random);
        }
    };

    private static final int SECTOR = 512;

    private static final Kernel GUARDS = new Kernel(2);

    private static final Kernel SEALS = new Kernel(4);

    /** Fills the bytes of a write. */
    abstract void fill(byte[] bytes, long position, CutOracle oracle, RandomGenerator random);

    private static void forge(
            Kernel kernel, byte[] bytes, long position, CutOracle oracle, RandomGenerator random) {
        random.nextBytes(bytes);
        byte[] before = Arrays.copyOf(oracle.expected(position, bytes.length), bytes.length);
        int first = (int) (-position & (SECTOR - 1));
        for (int at = first; at + SECTOR <= bytes.length; at += SECTOR) {
            byte[] change = kernel.random(random);
            for (int i = 0; i < SECTOR; i++) {
                bytes[at + i] = (byte) (before[at + i] ^ change[i]);
            }
        }
    }

    /**
     * Sectors that change no checksum whatever they are added to: checksums are linear, so most of
     * a sector is free, and the last bits make up for it.
     */
    private static final class Kernel {

        private static final int FREE = SECTOR - 32;

        private final int words;

        /** The bits at the end that change a sum, and the sum; the index is its highest bit. */
        private final byte[][] ends;

        private final long[][] sums;

        /**
         * Makes up for some checksums.
         *
         * @param words of 32 bits of the checksums: 2 for the guards of 16 and 32 bits, 4 with the
         *     digest
         */
        Kernel(int words) {
            this.words = words;
            ends = new byte[words * Integer.SIZE][];
            sums = new long[words * Integer.SIZE][];
            for (int bit = FREE * Byte.SIZE; bit < SECTOR * Byte.SIZE; bit++) {
                byte[] end = new byte[SECTOR];
                end[bit / Byte.SIZE] = (byte) (1 << bit % Byte.SIZE);
                add(end);
            }
        }

        private void add(byte[] end) {
            long[] sum = sum(end);
            int high = reduce(end, sum);
            if (high >= 0) {
                ends[high] = end;
                sums[high] = sum;
            }
        }

        byte[] random(RandomGenerator random) {
            byte[] sector = new byte[SECTOR];
            random.nextBytes(sector);
            Arrays.fill(sector, FREE, SECTOR, (byte) 0);
            if (reduce(sector, sum(sector)) >= 0) {
                throw new AssertionError("there are more free bits than bits in all checksums");
            }
            return sector;
        }

        /** Adds what is known, until no bit is left, or one that nothing is known of: that bit. */
        private int reduce(byte[] sector, long[] sum) {
            int high = high(sum);
            while (high >= 0 && sums[high] != null) {
                for (int i = 0; i < words; i++) {
                    sum[i] ^= sums[high][i];
                }
                for (int i = FREE; i < SECTOR; i++) {
                    sector[i] ^= ends[high][i];
                }
                high = high(sum);
            }
            return high;
        }

        private int high(long[] sum) {
            for (int i = words - 1; i >= 0; i--) {
                if (sum[i] != 0) {
                    return i * Integer.SIZE + 63 - Long.numberOfLeadingZeros(sum[i]);
                }
            }
            return -1;
        }

        /** How all checksums differ from those of zeros. */
        private long[] sum(byte[] sector) {
            MemorySegment memory = MemorySegment.ofArray(sector);
            int crc16 =
                    Crc16T10Dif.update(0, memory, 0, SECTOR) ^ Crc16T10Dif.updateZeros(0, SECTOR);
            int crc32 = Crc32c.update(0, memory, 0, SECTOR) ^ Crc32c.updateZeros(0, SECTOR);
            long crc64 = Crc64Nvme.update(0, memory, 0, SECTOR) ^ Crc64Nvme.updateZeros(0, SECTOR);
            long[] all = {crc16, crc32 & 0xFFFF_FFFFL, crc64 & 0xFFFF_FFFFL, crc64 >>> 32};
            return Arrays.copyOf(all, words);
        }
    }
}
