package io.pinbounce.tool.bench.peers;

import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a contestant moves: blocks of one size of one file, through memory that all contestants get
 * alike, at positions that all visit in the same order. Several threads may ask for positions.
 */
final class Load implements AutoCloseable {

    /** The order of the positions. */
    enum Order {
        SEQUENTIAL,
        RANDOM
    }

    private final Path path;

    private final long length;

    private final Order order;

    private final int size;

    private final int depth;

    private final PinnedArena arena = PinnedArena.ofShared();

    private final MemorySegment all;

    private final AtomicLong moved = new AtomicLong();

    /**
     * A load.
     *
     * @param path of a file
     * @param length of its part that is used, a power of two
     * @param order of the positions
     * @param size bytes a request, a power of two
     * @param depth requests at once
     */
    Load(Path path, long length, Order order, int size, int depth) {
        this.path = path;
        this.length = length;
        this.order = order;
        this.size = size;
        this.depth = depth;
        all = arena.allocate((long) depth * size);
    }

    Path path() {
        return path;
    }

    int size() {
        return size;
    }

    int depth() {
        return depth;
    }

    /** The memory of one of the requests in flight, aligned to pages. */
    MemorySegment block(int slot) {
        return all.asSlice((long) slot * size, size);
    }

    /** The memory of all of them, for peers that want buffers. */
    ByteBuffer[] buffers() {
        ByteBuffer[] buffers = new ByteBuffer[depth];
        for (int slot = 0; slot < depth; slot++) {
            buffers[slot] = block(slot).asByteBuffer();
        }
        return buffers;
    }

    /** Where the next request goes. */
    long next() {
        long number = moved.getAndIncrement();
        long blocks = length / size;
        return switch (order) {
            case SEQUENTIAL -> number % blocks * size;
            // Sizes are powers of two, so an odd factor visits all blocks, in no useful order.
            case RANDOM -> number * 40_503 % blocks * size;
        };
    }

    /** Refuses what moved less than a block: it would count as a fast request. */
    void check(long bytes) throws IOException {
        if (bytes != size) {
            throw new IOException(
                    "a request came out short, or failed: bytes=%d size=%d path=%s"
                            .formatted(bytes, size, path));
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
