package io.pinbounce.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What fills a block: its number, its writer and its version. All bytes of the block follow from
 * these, so a part of another block, or of another version, shows wherever it is.
 *
 * @param number of the block, among all files
 * @param writer number of the actor that wrote it
 * @param version counted by the writer
 */
record Stamp(long number, long writer, long version) {

    static final int BLOCK = 4096;

    private static final long SPREAD = 0x9E3779B97F4A7C15L; // odd, so no two products are the same

    private long word(long index) {
        return switch ((int) index) {
            case 0 -> number;
            case 1 -> writer;
            case 2 -> version;
            default -> ((number * 31 + writer) * 31 + version + index) * SPREAD;
        };
    }

    /** Fills a block. */
    void write(MemorySegment block) {
        for (long i = 0; i < BLOCK / Long.BYTES; i++) {
            block.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, word(i));
        }
    }

    /**
     * Takes a block's stamp, which all of it has to agree with.
     *
     * @param block the bytes
     * @param number of the block that they should be
     */
    static Stamp read(MemorySegment block, long number) {
        Stamp stamp = new Stamp(word(block, 0), word(block, 1), word(block, 2));
        for (long i = 0; i < BLOCK / Long.BYTES; i++) {
            if (word(block, i) != stamp.word(i)) {
                throw new AssertionError(
                        "the block is not whole, number=%d word=%d %s".formatted(number, i, stamp));
            }
        }
        if (stamp.number != number) {
            throw new AssertionError("it is another block, number=%d %s".formatted(number, stamp));
        }
        return stamp;
    }

    private static long word(MemorySegment block, long index) {
        return block.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, index);
    }
}
