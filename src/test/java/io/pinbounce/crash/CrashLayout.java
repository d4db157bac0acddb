package io.pinbounce.crash;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * How the bytes of a file are divided: into intervals, and each of these into {@link #CELLS} cells.
 * All of a cell follows from its number and the version that was written to it, so that its bytes
 * alone tell the version. Writes begin and end with cells, whose borders are at odd places, but for
 * the middle of an interval.
 *
 * @param interval bytes of an interval, a multiple of 512
 * @param intervals of the file
 */
record CrashLayout(int interval, int intervals) {

    /** Cells of an interval. */
    static final int CELLS = 4;

    private static final long SPREAD = 0x9E3779B97F4A7C15L; // odd, so no two products are the same

    /** Cells of the file. */
    int cells() {
        return intervals * CELLS;
    }

    /** Bytes of the file. */
    long size() {
        return (long) intervals * interval;
    }

    /** Where a cell starts, from the start of the file; that of the cell after the last one too. */
    long start(int cell) {
        int within =
                switch (cell % CELLS) {
                    case 0 -> 0;
                    case 1 -> interval / 4 + 9;
                    case 2 -> interval / 2;
                    default -> interval / 4 * 3 + 7;
                };
        return (long) (cell / CELLS) * interval + within;
    }

    /** Bytes of some cells. */
    long bytes(int first, int count) {
        return start(first + count) - start(first);
    }

    /**
     * Fills memory with what a write puts there.
     *
     * @param memory as long as the cells
     * @param first of the cells
     * @param count how many
     * @param version 0 for zeros
     */
    void fill(MemorySegment memory, int first, int count, long version) {
        for (int cell = first; cell < first + count; cell++) {
            MemorySegment part = memory.asSlice(bytes(first, cell - first), bytes(cell, 1));
            for (long at = 0; at < part.byteSize(); at += Long.BYTES) {
                put(part, at, word(cell, version, at));
            }
        }
    }

    /**
     * Fills memory with what an interval may hold.
     *
     * @param memory an interval
     * @param number of the interval
     * @param contents without torn cells
     */
    void fill(MemorySegment memory, int number, Contents contents) {
        int first = number * CELLS;
        for (int i = 0; i < CELLS; i++) {
            fill(
                    memory.asSlice(bytes(first, i), bytes(first + i, 1)),
                    first + i,
                    1,
                    contents.versions().get(i));
        }
    }

    /**
     * Takes the versions from bytes.
     *
     * @param memory an interval
     * @param number of the interval
     */
    Contents parse(MemorySegment memory, int number) {
        int first = number * CELLS;
        List<Long> versions = new ArrayList<>(CELLS);
        for (int cell = first; cell < first + CELLS; cell++) {
            versions.add(version(memory.asSlice(bytes(first, cell - first), bytes(cell, 1)), cell));
        }
        return new Contents(versions);
    }

    private static long version(MemorySegment part, int cell) {
        long version = part.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        for (long at = 0; at < part.byteSize(); at += Long.BYTES) {
            if (get(part, at) != (word(cell, version, at) & mask(part, at))) {
                return Contents.TORN;
            }
        }
        return version;
    }

    /** A version that was never written is 0, and all of it is zeros. */
    private static long word(int cell, long version, long at) {
        return at == 0 || version == 0 ? version : ((cell * 31L + version) * 31 + at) * SPREAD;
    }

    /** Which bits of a word there are: the last one of a cell may be cut off. */
    private static long mask(MemorySegment part, long at) {
        long bytes = Math.min(Long.BYTES, part.byteSize() - at);
        return bytes == Long.BYTES ? -1 : (1L << (bytes * Byte.SIZE)) - 1;
    }

    private static void put(MemorySegment part, long at, long word) {
        if (part.byteSize() - at >= Long.BYTES) {
            part.set(ValueLayout.JAVA_LONG_UNALIGNED, at, word);
            return;
        }
        for (long i = at; i < part.byteSize(); i++) {
            part.set(ValueLayout.JAVA_BYTE, i, (byte) (word >>> ((i - at) * Byte.SIZE)));
        }
    }

    private static long get(MemorySegment part, long at) {
        if (part.byteSize() - at >= Long.BYTES) {
            return part.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        }
        long word = 0;
        for (long i = at; i < part.byteSize(); i++) {
            word |= (part.get(ValueLayout.JAVA_BYTE, i) & 0xFFL) << ((i - at) * Byte.SIZE);
        }
        return word;
    }
}
