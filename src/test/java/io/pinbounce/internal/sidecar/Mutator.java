package io.pinbounce.internal.sidecar;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

/** Damages and forges the bytes of a sidecar at random. */
final class Mutator {

    private static final long[] SPECIAL = {
        0,
        1,
        -1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 48,
        1L << 60 | 59L << 48,
        3L << 60 | 1L << 48,
        Layout.MAX_INTERVALS,
        Layout.MAX_BYTES,
        Layout.MAX_MAPS,
        Layout.MAX_LOG
    };

    /** Positions of fields that are not 8 bytes long, in all kinds of sectors. */
    private static final int[] SMALL_FIELDS = {
        4, 6, 8, 12, 13, 14, 15, 88, 92, 96, 97, 98, 99, 100, 102, 130, 488, 490, 503
    };

    private final Random random;

    private final long identity;

    byte[] bytes = new byte[0];

    /** Whether the check of some changed sector was made right, so that it is believed. */
    boolean stamped;

    Mutator(Random random, long identity) {
        this.random = random;
        this.identity = identity;
    }

    /** Starts with the bytes of a sidecar. */
    void begin(byte[] contents) {
        bytes = contents.clone();
        stamped = false;
    }

    /** Changes something. */
    void mutate() {
        int sector = anySector();
        int at = sector * Sector.SIZE;
        switch (random.nextInt(12)) {
            case 0 -> Arrays.fill(bytes, at, at + Sector.SIZE, (byte) 0);
            case 1 -> fillRandomly(at, Sector.SIZE);
            case 2 -> System.arraycopy(bytes, anySector() * Sector.SIZE, bytes, at, Sector.SIZE);
            case 3 -> bytes[at + random.nextInt(Sector.SIZE)] ^= (byte) (1 << random.nextInt(8));
            case 4 -> fillRandomly(at + random.nextInt(256), random.nextInt(256));
            case 5, 6 -> bytes[at + anySmallField()] = (byte) random.nextInt();
            case 7 -> resize();
            default -> setWord(at + 8 * anyWordNumber(), anyWord());
        }
        if (random.nextInt(3) > 0 && at + Sector.SIZE <= bytes.length) {
            stamp(sector);
        }
    }

    /** A superblock, the start of the log, the map, or any sector: each as often as the others. */
    private int anySector() {
        int sectors = bytes.length / Sector.SIZE;
        return Math.min(
                sectors - 1,
                switch (random.nextInt(5)) {
                    case 0 -> 0;
                    case 1 -> Layout.SECTORS;
                    case 2 -> 2 * Layout.SECTORS + random.nextInt(4);
                    case 3 -> mapSector() + random.nextInt(3 * Layout.SECTORS);
                    default -> random.nextInt(sectors);
                });
    }

    private static int mapSector() {
        return (int) (SidecarFixture.LAYOUT.mapPosition(0) / Sector.SIZE);
    }

    private int anySmallField() {
        return SMALL_FIELDS[random.nextInt(SMALL_FIELDS.length)];
    }

    /** One of the first words, where fields and heads are, as often as any word. */
    private int anyWordNumber() {
        return random.nextInt(random.nextBoolean() ? 16 : 64);
    }

    private long anyWord() {
        long word =
                random.nextInt(4) == 0
                        ? random.nextLong() >>> random.nextInt(64)
                        : SPECIAL[random.nextInt(SPECIAL.length)];
        return word + random.nextInt(3) - 1;
    }

    private void setWord(int at, long word) {
        MemorySegment.ofArray(bytes).set(Sector.U64, at, word);
    }

    private void fillRandomly(int at, int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, at, length);
    }

    private void resize() {
        int change = (random.nextInt(400) - 300) * Sector.SIZE;
        bytes = Arrays.copyOf(bytes, Math.max(2 * Layout.PAGE, bytes.length + change));
    }

    /** Makes the check right, so that the changed sector is believed. */
    private void stamp(int sector) {
        long position = (long) sector * Sector.SIZE;
        boolean first = Arrays.stream(Layout.SUPERBLOCKS).anyMatch(p -> p == position);
        long seed = first ? Superblock.MAGIC : identity;
        Sector.stamp(MemorySegment.ofArray(bytes), position, seed, position);
        stamped = true;
    }
}
