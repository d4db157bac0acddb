package io.pinbounce.tool.bench;

import io.pinbounce.pi.PiContext;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What benchmarks of guards work on: data, room for a copy, and for tuples with a 16-bit guard.
 *
 * @param context intervals of 4 KiB, or of all the data if that is less
 * @param source the data
 * @param destination as large
 * @param metadata a tuple for every interval
 */
record GuardBuffers(
        PiContext context,
        MemorySegment source,
        MemorySegment destination,
        MemorySegment metadata) {

    private static final int INTERVAL = 4096;

    /** Takes 2 * size bytes and some, every page of them touched. */
    static GuardBuffers allocate(Arena arena, long size) {
        PiContext context = PiContext.t10((int) Math.min(INTERVAL, size));
        MemorySegment metadata =
                arena.allocate(size / context.interval() * context.metadataSize(), INTERVAL);
        return new GuardBuffers(
                context,
                arena.allocate(size, INTERVAL).fill((byte) 0x5A),
                arena.allocate(size, INTERVAL).fill((byte) 1),
                metadata.fill((byte) 1));
    }
}
