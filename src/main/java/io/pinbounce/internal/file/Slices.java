package io.pinbounce.internal.file;

import java.lang.foreign.MemorySegment;

/** Parts of memory, for the way of every request: no object is made for all of a segment. */
public final class Slices {

    private Slices() {}

    public static MemorySegment of(MemorySegment all, long from, long size) {
        return from == 0 && size == all.byteSize() ? all : all.asSlice(from, size);
    }

    /** Zeros a segment from there on. */
    public static void zeroFrom(MemorySegment memory, long from) {
        if (from < memory.byteSize()) {
            memory.asSlice(from).fill((byte) 0);
        }
    }
}
