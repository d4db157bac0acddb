package io.pinbounce;

import io.pinbounce.internal.engine.Submission;

import java.util.function.Consumer;

/** Lets transfers through, or holds them up. */
final class Hold implements Consumer<Submission> {

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

    synchronized void close() {
        closed = true;
    }

    synchronized void open() {
        closed = false;
        notifyAll();
    }

    /** Until a transfer is held up. */
    synchronized void awaitArrival() throws InterruptedException {
        while (waiting == 0) {
            wait();
        }
    }
}
