package io.pinbounce.internal.driver;

import io.pinbounce.internal.engine.Submission;

/**
 * A transfer on its way to a ring thread and back. It belongs to the thread that hands it over, but
 * to the ring thread from there until it is done.
 */
final class RingJob {

    private final Submission submission = new Submission();

    private final Runnable whenDone;

    private long result;

    private int forced;

    private volatile boolean done;

    /**
     * Something to hand over, again and again.
     *
     * @param whenDone runs in the ring thread each time, and must not block it
     */
    RingJob(Runnable whenDone) {
        this.whenDone = whenDone;
    }

    /** To be prepared before it is handed over. */
    Submission submission() {
        return submission;
    }

    /** Before it is handed over. */
    void begin() {
        done = false;
    }

    /** For the ring thread. */
    void complete(long result, int forced) {
        this.result = result;
        this.forced = forced;
        done = true; // publishes the others
        whenDone.run();
    }

    boolean isDone() {
        return done;
    }

    /** Bytes moved, or {@code -errno}; once it is done. */
    long result() {
        return result;
    }

    /** What became of the force behind a write; once it is done. */
    int forced() {
        return forced;
    }
}
