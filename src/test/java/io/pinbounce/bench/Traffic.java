package io.pinbounce.bench;

import java.util.concurrent.TimeUnit;

/**
 * What a side does over and over, for so long.
 *
 * @param direction of the data
 * @param order of the positions
 * @param size bytes a request, a power of two
 * @param depth requests at once
 * @param forceEvery requests after which a force takes the place of one, or {@link #NEVER}
 */
record Traffic(Direction direction, Order order, int size, int depth, int forceEvery) {

    /** No forces among the requests. */
    static final int NEVER = Integer.MAX_VALUE;

    /** Before anything is counted: caches fill, and the queue. */
    static final long RAMP_MILLIS = 100;

    /** What is counted. */
    static final long MILLIS = 500;

    /** Of the data. */
    enum Direction {
        READ,
        WRITE
    }

    /** Of the positions. */
    enum Order {
        SEQUENTIAL,
        RANDOM
    }

    static Traffic sequential(Direction direction, int size, int depth) {
        return new Traffic(direction, Order.SEQUENTIAL, size, depth, NEVER);
    }

    static Traffic randomReads(int size, int depth) {
        return new Traffic(Direction.READ, Order.RANDOM, size, depth, NEVER);
    }

    static Traffic randomWrites(int size, int depth, int forceEvery) {
        return new Traffic(Direction.WRITE, Order.RANDOM, size, depth, forceEvery);
    }

    static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * Where a request goes.
     *
     * @param number of requests before it
     */
    long position(long number) {
        long blocks = BenchFile.SIZE / size;
        return switch (order) {
            case SEQUENTIAL -> number % blocks * size;
            // Sizes are powers of two, so an odd factor visits all blocks, in no useful order.
            case RANDOM -> number * 40_503 % blocks * size;
        };
    }
}
