package io.pinbounce;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets requests through while a file is open, and makes closing wait for those inside.
 *
 * <pre>
 *  bit 31   closed: nobody enters any more
 *  30..0    how many are inside
 * </pre>
 */
final class Gate {

    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger state = new AtomicInteger();

    /** Threads that wait for a closed gate to be empty. */
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** Enters, or throws if the gate is closed. */
    void enter() throws ClosedChannelException {
        if (state.getAndIncrement() < 0) {
            exit();
            throw new ClosedChannelException();
        }
    }

    /** Leaves; the last one out of a closed gate wakes whoever closes. */
    void exit() {
        if (state.decrementAndGet() == CLOSED) {
            waiting.forEach(Runnable::run);
        }
    }

    /**
     * Lets nobody in any more.
     *
     * @return whether this call was the one that closed it
     */
    boolean close() {
        return (state.getAndUpdate(s -> s | CLOSED) & CLOSED) == 0;
    }

    /** Takes a closing back. */
    void reopen() {
        state.getAndUpdate(s -> s & ~CLOSED);
    }

    /** Waits until nobody is inside a closed gate. */
    void awaitEmpty() {
        CallingThread thread = new CallingThread();
        waiting.add(thread);
        try {
            // Whoever leaves lowers the count before it looks for us, and we are in the list before
            // we look at the count: one of us sees the other.
            thread.awaitUntil(() -> (state.get() & ~CLOSED) == 0);
        } finally {
            waiting.remove(thread);
        }
    }
}
