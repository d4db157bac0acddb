package io.pinbounce.internal.file;

import java.lang.foreign.MemorySegment;

/**
 * Parts of memory, for code that every request runs: a slice that is the whole segment makes no new
 * object.
 */
public final class Slices {

    private Slices() {}

    public static MemorySegment of(MemorySegment all, long from, long size) {
        return from == 0 && size == all.byteSize() ? all : all.asSlice(from, size);
    }

    /** Zeros a segment from an offset to its end. */
    public static void zeroFrom(MemorySegment memory, long from) {
        if (from < memory.byteSize()) {
            memory.asSlice(from).fill((byte) 0);
        }
    }
}
