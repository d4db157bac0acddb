package io.pinbounce.tool.bench;

import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Plain copies between as many buffers as a queue of the same traffic has. */
final class CopyTraffic implements AutoCloseable {

    /** Between two looks at the clock: bytes, so that large copies look often. */
    private static final int BATCH_BYTES = 1 << 20;

    private final PinnedArena arena = PinnedArena.ofConfined();

    private final MemorySegment from;

    private final MemorySegment to;

    private final int size;

    CopyTraffic(Traffic traffic) {
        size = traffic.size();
        from = arena.allocate((long) traffic.depth() * size).fill((byte) 0x5A);
        to = arena.allocate((long) traffic.depth() * size).fill((byte) 1);
    }

    /**
     * How long one copy keeps a processor busy, of many.
     *
     * @param nanos to go on for
     */
    double nanosEach(long nanos) throws IOException {
        to.copyFrom(from); // the kernel may have taken pages away that lay idle for a round
        int batch = Math.max(1, BATCH_BYTES / size);
        long copies = 0;
        long at = 0;
        long startCpu = CpuTime.ofThread();
        long start = System.nanoTime();
        while (copies == 0 || System.nanoTime() - start < nanos) {
            for (int i = 0; i < batch; i++) {
                MemorySegment.copy(from, at, to, at, size);
                at = at + size == from.byteSize() ? 0 : at + size;
            }
            copies += batch;
        }
        return (double) (CpuTime.ofThread() - startCpu) / copies;
    }

    @Override
    public void close() {
        arena.close();
    }
}
