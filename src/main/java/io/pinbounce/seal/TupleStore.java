package io.pinbounce.seal;

import java.lang.foreign.MemorySegment;

/**
 * The tuples of one inode, and what is known about each interval.
 *
 * <p>The caller holds the intervals' range: exclusively to change them, shared to read them. Calls
 * for intervals that do not overlap may come from several threads at once.
 */
public interface TupleStore {

    /** What is known about an interval. */
    enum State {
        /** Nothing: its data predates protection, so reads return it unverified. */
        UNPROTECTED,
        /** Its tuple is here. An interval that was never written is one of zeros. */
        PROTECTED,
        /** A failed write left it as nobody knows what: an error until it is rewritten whole. */
        DAMAGED
    }

    /**
     * What is known about an interval.
     *
     * @param interval its number, from 0
     * @return its state
     */
    State state(long interval);

    /**
     * Copies tuples out.
     *
     * @param first number of the first interval
     * @param count how many intervals, all {@link State#PROTECTED}
     * @param tuples where to; {@code count} times the metadata size
     */
    void load(long first, long count, MemorySegment tuples);

    /**
     * Records tuples of data that is in place; the intervals are protected from now on.
     *
     * @param first number of the first interval
     * @param count how many intervals
     * @param tuples one metadata record for each
     */
    void store(long first, long count, MemorySegment tuples);

    /**
     * Records that nobody knows what intervals hold.
     *
     * @param first number of the first interval
     * @param count how many intervals
     */
    void damage(long first, long count);

    /**
     * Forgets all intervals from one on: if they come back, they are zeros.
     *
     * @param intervals how many are left
     */
    void truncate(long intervals);
}
