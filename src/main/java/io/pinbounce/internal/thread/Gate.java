package io.pinbounce.internal.thread;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets requests through while a file is open, and makes closing wait for the requests inside.
 *
 * <pre>
 *  bit 31   closed: no request enters any more
 *  30..0    number of requests inside
 * </pre>
 */
public final class Gate {

    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger state = new AtomicInteger();

    private final String closed;

    /** Threads that wait for a closed gate to be empty. */
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /**
     * An open gate.
     *
     * @param closed what is wrong once it is closed, and what to do
     */
    public Gate(String closed) {
        this.closed = closed;
    }

    /** The JDK's exception, which has no room for words. */
    private static final class Closed extends ClosedChannelException {

        private static final long serialVersionUID = 1;

        private final String reason;

        Closed(String reason) {
            this.reason = reason;
        }

        @Override
        public String getMessage() {
            return reason;
        }
    }

    /** Enters, or throws if the gate is closed. */
    public void enter() throws ClosedChannelException {
        if (state.getAndIncrement() < 0) {
            exit();
            throw new Closed(closed);
        }
    }

    /**
     * Leaves; the last request that leaves a closed gate wakes the threads that wait for it to be
     * empty.
     */
    public void exit() {
        if (state.decrementAndGet() == CLOSED) {
            waiting.forEach(Runnable::run);
        }
    }

    /**
     * Refuses all later requests.
     *
     * @return whether this call closed the gate; false if it was closed already
     */
    public boolean close() {
        return (state.getAndUpdate(s -> s | CLOSED) & CLOSED) == 0;
    }

    /** Lets requests enter again. */
    public void reopen() {
        state.getAndUpdate(s -> s & ~CLOSED);
    }

    /** Waits until a closed gate is empty. */
    public void awaitEmpty() {
        ThreadWait thread = new ThreadWait();
        waiting.add(thread);
        try {
            // This thread enters the list before it reads the count, and a request that leaves
            // lowers the count before it reads the list. So either this thread reads the lowered
            // count, or the request finds this thread in the list and tells it.
            thread.awaitUntil(() -> (state.get() & ~CLOSED) == 0);
        } finally {
            waiting.remove(thread);
        }
    }
}
