package io.pinbounce.internal.driver;

import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.request.Request;
import io.pinbounce.internal.request.Request.Caller;
import io.pinbounce.internal.request.Request.Step;
import io.pinbounce.internal.thread.ThreadWait;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The thread that makes a call: takes its request through the pipeline, and waits where the request
 * has to wait. The request's waiter tells this thread.
 *
 * <p>A platform thread moves the data itself, in a system call. A virtual one, which must not hold
 * its carrier for so long, hands each transfer over to {@link RingThreads} and parks.
 */
final class CallingThread {

    private final Admission file;

    private final @Nullable RingJob job;

    private final ThreadWait waiter = new ThreadWait();

    /** The ring threads that the request has entered, from its first transfer to its end. */
    private @Nullable RingThreads entered;

    /** Makes the current thread wait until its request is done. */
    CallingThread(Admission file) {
        this.file = file;
        job = waiter.isVirtual() ? new RingJob(waiter) : null;
    }

    /**
     * Lets the thread wait that calls {@link ThreadWait#takeOver} once the first transfer is done.
     *
     * @param job how transfers are handed over
     */
    CallingThread(Admission file, RingJob job) {
        this.file = file;
        this.job = job;
    }

    /** The waiter that tells the thread that its request may go on. */
    ThreadWait waiter() {
        return waiter;
    }

    /** How long the caller's memory is valid for requests of this thread. */
    Caller caller() {
        return job == null ? Caller.STAYS : Caller.GOES_ON;
    }

    /** Carries out a whole request. */
    void drive(Request request) throws IOException {
        drive(request, Step.WAIT);
    }

    /**
     * Carries on with a request, to its end.
     *
     * @param first the last step of the request: after {@link Step#ISSUE}, the transfer that was
     *     handed over is done
     */
    void drive(Request request, Step first) throws IOException {
        try (request) {
            try {
                if (first == Step.ISSUE && job != null) {
                    request.accept(job.result(), job.forced());
                }
                issueAll(request);
            } catch (InternalError e) {
                throw request.unreadable(e);
            }
        } finally {
            leaveRings();
        }
    }

    private void leaveRings() {
        RingThreads left = entered;
        if (left != null) {
            entered = null;
            left.leave();
        }
    }

    private void issueAll(Request request) throws IOException {
        Submission submission = job == null ? new Submission() : job.submission();
        Step step = request.next(submission);
        while (step != Step.DONE) {
            if (step == Step.ISSUE) {
                issue(request, submission);
            } else {
                waiter.await();
            }
            step = request.next(submission);
        }
    }

    private void issue(Request request, Submission submission) throws IOException {
        if (job == null) {
            request.accept(request.file().engine().transfer(submission), 0);
            return;
        }
        handOver(request, job);
        waiter.parkUntil(job::isDone);
        request.accept(job.result(), job.forced());
    }

    /** Sends a transfer on its way; {@link #drive} has to follow, unless this throws. */
    void handOver(Request request, RingJob transfer) throws IOException {
        RingThreads rings = entered;
        if (rings == null) {
            rings = file.ringThreads();
            rings.enter();
            entered = rings;
        }
        rings.take(transfer);
    }
}
