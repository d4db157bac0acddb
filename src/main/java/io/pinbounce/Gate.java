package io.pinbounce;

import java.nio.channels.ClosedChannelException;
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
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /**
     * Closes the gate and waits until nobody is inside. Interrupts do not end the wait; the status
     * is kept.
     *
     * @return whether this call was the one that closed it
     */
    boolean close() {
        boolean first = (state.getAndUpdate(s -> s | CLOSED) & CLOSED) == 0;
        boolean interrupted = false;
        synchronized (this) {
            while (state.get() != CLOSED) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return first;
    }
}
