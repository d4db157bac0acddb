package io.pinbounce.bench;

import io.pinbounce.buffer.PinnedArena;

import java.lang.foreign.MemorySegment;

/** Plain copies between as many buffers as a queue of the same traffic has. */
final class CopyTraffic implements AutoCloseable {

    private static final long NANOS = Traffic.millis(50);

    private static final int BATCH = 64;

    private final PinnedArena arena = PinnedArena.ofConfined();

    private final MemorySegment from;

    private final MemorySegment to;

    private final int size;

    CopyTraffic(Traffic traffic) {
        size = traffic.size();
        from = arena.allocate((long) traffic.depth() * size).fill((byte) 0x5A);
        to = arena.allocate((long) traffic.depth() * size).fill((byte) 1);
    }

    /** How long one copy takes, of many. */
    double nanosEach() {
        long copies = 0;
        long at = 0;
        long start = System.nanoTime();
        long taken = 0;
        while (taken < NANOS) {
            for (int i = 0; i < BATCH; i++) {
                MemorySegment.copy(from, at, to, at, size);
                at = at + size == from.byteSize() ? 0 : at + size;
            }
            copies += BATCH;
            taken = System.nanoTime() - start;
        }
        return (double) taken / copies;
    }

    @Override
    public void close() {
        arena.close();
    }
}
