package io.pinbounce;

import io.pinbounce.Request.Caller;
import io.pinbounce.Request.Step;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.sidecar.TupleStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The thread that makes a call: takes its request through the pipeline, and waits where the request
 * has to. It is what the request's waiter tells.
 *
 * <p>A platform thread moves the data itself, in a system call. A virtual one, which must not hold
 * its carrier for so long, hands each transfer over to an {@link IoService} and parks.
 */
final class CallingThread implements TupleStore.Waiter {

    /** How long one queue is carried on while another of the same thread waits for its turn. */
    private static final long TURN = 1_000_000; // nanoseconds

    /** The same for a wait that interrupts end, since they do not end the carrying on. */
    private static final long LONG_TURN = 50_000_000; // nanoseconds

    private final @Nullable RingJob job;

    private volatile Thread thread = Thread.currentThread();

    private volatile boolean told;

    private volatile @Nullable QueueDriver carriedOn;

    /** What has let the request in: from its first transfer to its end, so none is torn. */
    private @Nullable IoService service;

    /** The current thread, which waits for its request to be done. */
    CallingThread() {
        job = thread.isVirtual() ? new RingJob(this) : null;
    }

    /**
     * The thread that {@link #takeOver} is called on, once the first transfer is done.
     *
     * @param job how transfers are handed over
     */
    CallingThread(RingJob job) {
        this.job = job;
    }

    /** From here on it is the current thread that waits. */
    void takeOver() {
        thread = Thread.currentThread();
    }

    /** What its requests can count on. */
    Caller caller() {
        return job == null ? Caller.STAYS : Caller.GOES_ON;
    }

    /** Carries out a request, all of it. */
    void drive(Request request) throws IOException {
        drive(request, Step.WAIT);
    }

    /**
     * Carries on with a request, to its end.
     *
     * @param first where it stands: if it was issued, what was handed over is done
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
            leaveService();
        }
    }

    private void leaveService() {
        IoService entered = service;
        if (entered != null) {
            service = null;
            entered.leave();
        }
    }

    private void issueAll(Request request) throws IOException {
        Submission submission = job == null ? new Submission() : job.submission();
        Step step = request.next(submission);
        while (step != Step.DONE) {
            if (step == Step.ISSUE) {
                issue(request, submission);
            } else {
                await();
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
        park(job::isDone); // the kernel's to end, whatever others do
        request.accept(job.result(), job.forced());
    }

    /** Sends a transfer on its way; {@link #drive} has to follow, unless this throws. */
    void handOver(Request request, RingJob transfer) throws IOException {
        IoService entered = service;
        if (entered == null) {
            entered = request.file().service();
            entered.enter();
            service = entered;
        }
        entered.take(transfer);
    }

    @Override
    public void await() {
        awaitUntil(() -> told);
        told = false; // before looking: who tells us from here on is seen the next time
    }

    /**
     * Waits. Interrupts do not end the wait; the status is kept. If the thread owns queues, it
     * carries on with them meanwhile: what it waits for may be theirs to finish. Queues whose
     * owners have ended are ended, too.
     */
    void awaitUntil(BooleanSupplier done) {
        QueueOwner.watchAll();
        boolean interrupted = false;
        while (!done.getAsBoolean()) {
            interrupted |= Thread.interrupted();
            if (ownsQueues()) {
                carryOn(done, Long.MAX_VALUE);
            } else {
                LockSupport.park(this);
            }
        }
        restore(interrupted);
    }

    /** Carries on with the thread's queues for a while; an interrupt ends that, too. */
    void carryOnUntil(BooleanSupplier done, long nanos) {
        QueueOwner.watchAll();
        long start = System.nanoTime();
        long left = nanos;
        while (left > 0 && !done.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            carryOn(done, Math.min(left, LONG_TURN));
            left = nanos - (System.nanoTime() - start);
        }
    }

    /** Whether what it waits for may be its own to finish. */
    boolean ownsQueues() {
        return !thread.isVirtual() && !QueueOwner.queues().isEmpty();
    }

    private void park(BooleanSupplier done) {
        boolean interrupted = false;
        while (!done.getAsBoolean()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        restore(interrupted);
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Each queue has its turn. */
    private void carryOn(BooleanSupplier done, long nanos) {
        List<QueueDriver> queues = QueueOwner.queues();
        long turn = queues.size() == 1 ? nanos : Math.min(nanos, TURN);
        for (QueueDriver queue : queues) {
            carriedOn = queue; // before it looks: what comes later wakes it
            queue.carryOnUntil(done, turn);
            carriedOn = null;
        }
    }

    @Override
    public void run() {
        told = true;
        LockSupport.unpark(thread);
        QueueDriver queue = carriedOn;
        if (queue != null) {
            queue.wake();
        }
    }
}
