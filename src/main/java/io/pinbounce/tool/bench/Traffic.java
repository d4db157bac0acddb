package io.pinbounce.tool.bench;

/**
 * The requests that one side makes, again and again.
 *
 * @param direction of the data
 * @param pattern of the positions
 * @param size bytes a request, a power of two
 * @param depth requests at once
 * @param forceEvery requests after which a force takes the place of one, or {@link #NEVER}
 * @param span bytes of the target that are used, a power of two
 */
record Traffic(
        Direction direction,
        AccessPattern pattern,
        int size,
        int depth,
        int forceEvery,
        long span) {

    /** No forces among the requests. */
    static final int NEVER = Integer.MAX_VALUE;

    /** Bytes of the target that comparisons use. */
    static final long SPAN = 256L << 20;

    static Traffic sequential(Direction direction, int size, int depth) {
        return new Traffic(direction, AccessPattern.SEQUENTIAL, size, depth, NEVER, SPAN);
    }

    static Traffic randomReads(int size, int depth) {
        return new Traffic(Direction.READ, AccessPattern.RANDOM, size, depth, NEVER, SPAN);
    }

    static Traffic randomWrites(int size, int depth, int forceEvery) {
        return new Traffic(Direction.WRITE, AccessPattern.RANDOM, size, depth, forceEvery, SPAN);
    }

    /**
     * Where a request goes.
     *
     * @param number of requests before this one
     */
    long position(long number) {
        long blocks = span / size;
        return switch (pattern) {
            case SEQUENTIAL -> number % blocks * size;
            // Sizes are powers of two, so an odd factor visits all blocks, in no useful order.
            case RANDOM -> number * 40_503 % blocks * size;
        };
    }
}
