package io.pinbounce.internal.driver;

import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.UringRefusal;

import java.io.IOException;

/**
 * The ring of a queue: transfers that were described and are not sent yet, and completions that
 * arrived and are not taken yet. For the queue's owner, but {@link #wake}.
 */
final class QueueRing {

    private final IoRing ring;

    private final Completions completions;

    /** How many of the completions were taken. */
    private int taken;

    private boolean unsent;

    private long unsentBytes;

    QueueRing(IoRing ring) {
        this.ring = ring;
        completions = new Completions(ring.depth());
    }

    int depth() {
        return ring.depth();
    }

    void prep(int slot, Submission submission) {
        ring.prep(slot, submission);
        unsent = true;
        unsentBytes += submission.length();
    }

    boolean hasUnsent() {
        return unsent;
    }

    long unsentBytes() {
        return unsentBytes;
    }

    /**
     * Sends all described transfers, and waits until that many transfers are done.
     *
     * @throws IOException if the ring has failed
     */
    void send(int transfers, long nanos) throws IOException {
        unsent = false;
        unsentBytes = 0;
        int result;
        try {
            result = ring.enter(transfers, nanos);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (result < 0) {
            throw new IOException(UringRefusal.of("io_uring_enter", -result).reason());
        }
    }

    /** Fetches new completions from the ring; all earlier completions must have been taken. */
    void drain() throws IOException {
        taken = 0;
        completions.clear();
        try {
            ring.drain(completions);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    boolean hasCompletion() {
        return taken < completions.count();
    }

    /**
     * Takes a completion, whose values {@link #slot}, {@link #result} and {@link #forced} return.
     */
    void takeCompletion() {
        taken++;
    }

    /** The slot of the completion that was taken last. */
    int slot() {
        return completions.slot(taken - 1);
    }

    /** Bytes moved, or {@code -errno}. */
    long result() {
        return completions.result(taken - 1);
    }

    /** The result of the force behind a write: 0, or {@code -errno}. */
    int forced() {
        return completions.forced(taken - 1);
    }

    /** Ends a wait of the owner. For any thread. */
    void wake() {
        ring.wake();
    }

    /** Closes the ring, which waits for its transfers in flight. */
    void close(boolean byOwner) {
        if (byOwner) {
            ring.close();
        } else {
            ring.closeForOwner();
        }
    }
}
