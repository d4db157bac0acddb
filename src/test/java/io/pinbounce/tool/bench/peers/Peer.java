package io.pinbounce.tool.bench.peers;

import java.io.IOException;

/**
 * One way to move the blocks of a {@link Load}. It belongs to the thread that opens it, and keeps
 * as many requests in flight as the load is deep, in whichever way is the fastest that its library
 * offers.
 */
interface Peer extends AutoCloseable {

    /** Which way the data moves. */
    enum Direction {
        READ,
        WRITE
    }

    /**
     * Moves blocks, and returns when all have been moved.
     *
     * @param direction of the data
     * @param requests how many
     * @throws IOException if one fails, or comes out short
     */
    void move(Direction direction, long requests) throws IOException;

    @Override
    void close() throws IOException;
}
