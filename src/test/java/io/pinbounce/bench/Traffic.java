package io.pinbounce.bench;

import java.util.concurrent.TimeUnit;

/**
 * What a side does over and over, for so long.
 *
 * @param direction of the data
 * @param order of the positions
 * @param size bytes a request
 * @param depth requests at once
 */
record Traffic(Direction direction, Order order, int size, int depth) {

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
        return new Traffic(direction, Order.SEQUENTIAL, size, depth);
    }

    static Traffic randomReads(int size, int depth) {
        return new Traffic(Direction.READ, Order.RANDOM, size, depth);
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
            // An odd factor visits all of a power of two in an order that looks like none.
            case RANDOM -> ((number * 0x9E37_79B9_7F4A_7C15L) >>> 32) % blocks * size;
        };
    }
}
