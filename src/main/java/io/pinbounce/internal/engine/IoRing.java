package io.pinbounce.internal.engine;

import java.util.List;

/**
 * Many transfers in flight for one thread, the ring's owner, which opened it. Each transfer is
 * prepared in a slot of its own, sent by the next {@link #enter}, and reported by {@link #drain}.
 *
 * <p><b>Memory.</b> A ring holds no scope: the caller that prepares a transfer keeps its memory
 * alive until it is done. <b>Threads.</b> All calls but {@link #wake()} are for the owner.
 */
public interface IoRing extends AutoCloseable {

    /**
     * The name of what moves the data, for messages.
     *
     * @return for example {@code "io_uring"}
     */
    String name();

    /**
     * The optional features of the kernel that the ring uses, for messages.
     *
     * @return names; none if there is nothing to tell
     */
    default List<String> features() {
        return List.of();
    }

    /**
     * What the ring has to do without, and why, for messages.
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
     * Prepares a transfer; nothing is sent yet.
     *
     * @param slot 0 to depth - 1, with no transfer in it
     * @param submission what to move; copied, so it can be prepared again at once
     */
    void prep(int slot, Submission submission);

    /**
     * Sends all that is prepared, and waits until some of what is in flight is done, until {@link
     * #wake()}, or until time is up. Interrupts do not end the wait; the status is kept.
     *
     * @param min transfers to wait for, including those that {@link #drain} would report already; 0
     *     does not wait
     * @param nanos longest wait; {@link Long#MAX_VALUE} for no limit
     * @return 0, or the {@code -errno} of a ring that is no good any more
     */
    int enter(int min, long nanos);

    /**
     * Reports the transfers that are done, and frees their slots.
     *
     * @param out the results are added to it
     */
    void drain(Completions out);

    /** Ends the owner's wait, or its next one if it is not waiting. For any thread. */
    void wake();

    /**
     * Waits for what is in flight, and gives everything back. Another thread may call it once the
     * owner has died; it then waits until the kernel is done with the owner's transfers.
     *
     * @throws IllegalStateException if another thread calls it while the owner lives
     */
    @Override
    void close();

    /**
     * Closes the ring from any thread, because its owner has lost it: alive or dead, the owner
     * makes no call here any more.
     */
    default void closeForOwner() {
        close();
    }
}
