package io.pinbounce.internal.thread;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets requests through while a file is open, and makes closing wait for those inside.
 *
 * <pre>
 *  bit 31   closed: no request enters any more
 *  30..0    how many are inside
 * </pre>
 */
public final class Gate {

    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger state = new AtomicInteger();

    /** Threads that wait for a closed gate to be empty. */
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** Enters, or throws if the gate is closed. */
    public void enter() throws ClosedChannelException {
        if (state.getAndIncrement() < 0) {
            exit();
            throw new ClosedChannelException();
        }
    }

    /** Leaves; the last one out of a closed gate wakes the threads that wait for that. */
    public void exit() {
        if (state.decrementAndGet() == CLOSED) {
            waiting.forEach(Runnable::run);
        }
    }

    /**
     * Refuses all that come later.
     *
     * @return whether this call was the one that closed it
     */
    public boolean close() {
        return (state.getAndUpdate(s -> s | CLOSED) & CLOSED) == 0;
    }

    /** Takes a closing back. */
    public void reopen() {
        state.getAndUpdate(s -> s & ~CLOSED);
    }

    /** Waits until a closed gate is empty. */
    public void awaitEmpty() {
        ThreadWait thread = new ThreadWait();
        waiting.add(thread);
        try {
            // A request that leaves lowers the count before it looks into the list, and this thread
            // is in the list before it looks at the count: one of the two sees the other.
            thread.awaitUntil(() -> (state.get() & ~CLOSED) == 0);
        } finally {
            waiting.remove(thread);
        }
    }
}
