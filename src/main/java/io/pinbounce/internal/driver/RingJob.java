package io.pinbounce.internal.driver;

import io.pinbounce.internal.engine.Submission;

/**
 * A transfer on its way to a ring thread and back. It belongs to the ring thread from the handing
 * over until it is done, and to the thread that hands it over the rest of the time.
 */
final class RingJob {

    private final Submission submission = new Submission();

    private final Runnable whenDone;

    private long result;

    private int forced;

    private volatile boolean done;

    /**
     * Makes a job that can be handed over again and again.
     *
     * @param whenDone runs in the ring thread each time, and must not block it
     */
    RingJob(Runnable whenDone) {
        this.whenDone = whenDone;
    }

    /** The submission, to be described before the job is handed over. */
    Submission submission() {
        return submission;
    }

    /** Must be called before the job is handed over. */
    void begin() {
        done = false;
    }

    /** Sets the result. For the ring thread. */
    void complete(long result, int forced) {
        this.result = result;
        this.forced = forced;
        done = true; // publishes result and forced
        whenDone.run();
    }

    boolean isDone() {
        return done;
    }

    /** Bytes moved, or {@code -errno}; once it is done. */
    long result() {
        return result;
    }

    /** The result of the force behind a write, 0 or {@code -errno}; once it is done. */
    int forced() {
        return forced;
    }
}
