package io.pinbounce.internal.engine;

import java.util.List;

/**
 * Many transfers in flight for one thread, its owner: the one that opened it. Each is prepared in a
 * slot of its own, goes out with the next {@link #enter}, and comes back with {@link #drain}.
 *
 * <p><b>Memory.</b> A ring holds no scope: whoever prepares a transfer sees to it that its memory
 * outlives it. <b>Threads.</b> Everything here is for the owner, but {@link #wake()}.
 */
public interface IoRing extends AutoCloseable {

    /**
     * Who moves the data, for people.
     *
     * @return for example {@code "io_uring"}
     */
    String name();

    /**
     * What the ring has of what not every kernel has, for people.
     *
     * @return names; none if there is nothing to tell
     */
    default List<String> features() {
        return List.of();
    }

    /**
     * What the ring has to do without, and why, for people.
     *
     * @return sentences; none if it has all that it can have
     */
    default List<String> notes() {
        return List.of();
    }

    /**
     * Slots, and so transfers in flight at the most.
     *
     * @return fixed when opened
     */
    int depth();

    /**
     * Takes a description of a transfer; nothing is sent yet.
     *
     * @param slot 0 to depth - 1, with no transfer in it
     * @param submission what to move; copied, so it can be prepared again at once
     */
    void prep(int slot, Submission submission);

    /**
     * Sends all that is prepared, and waits until some of what is in flight is done, until {@link
     * #wake()}, or until time is up. Interrupts do not end the wait; the status is kept.
     *
     * @param min transfers to wait for, those that {@link #drain} would bring already included; 0
     *     does not wait
     * @param nanos longest wait; {@link Long#MAX_VALUE} for no limit
     * @return 0, or the {@code -errno} of a ring that is no good any more
     */
    int enter(int min, long nanos);

    /**
     * Brings what is done, and frees those slots.
     *
     * @param out is added to
     */
    void drain(Completions out);

    /** Makes the owner's wait end, or its next one if it is not waiting. For any thread. */
    void wake();

    /**
     * Gives everything back, waiting for what is in flight. Another thread may call it once the
     * owner has died; it then waits until the kernel is done with what that left behind.
     *
     * @throws IllegalStateException if another thread calls it while the owner lives
     */
    @Override
    void close();

    /**
     * The same by any thread, in place of an owner that has lost the ring: alive or dead, it makes
     * no call here any more.
     */
    default void closeForOwner() {
        close();
    }
}
