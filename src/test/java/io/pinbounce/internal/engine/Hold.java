package io.pinbounce.internal.engine;

import java.util.function.Consumer;

/** Holds transfers up while it is closed: a hook of a {@link HookedEngine}. */
public final class Hold implements Consumer<Submission> {

    private boolean closed;

    private int waiting;

    @Override
    public synchronized void accept(Submission submission) {
        waiting++;
        notifyAll();
        boolean interrupted = false;
        while (closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        waiting--;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public synchronized void close() {
        closed = true;
    }

    public synchronized void open() {
        closed = false;
        notifyAll();
    }

    /** Waits until a transfer is held up. */
    public synchronized void awaitArrival() throws InterruptedException {
        while (waiting == 0) {
            wait();
        }
    }
}
