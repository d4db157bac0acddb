package io.pinbounce;

import io.pinbounce.Request.Caller;
import io.pinbounce.engine.IoEngine;
import io.pinbounce.engine.Submission;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The thread that makes a blocking call: takes its request through the pipeline, and waits where
 * the request has to. It is what the request's waiter tells.
 */
final class CallingThread implements Runnable {

    private final Thread thread = Thread.currentThread();

    /** How long one queue is carried on while another of the same thread waits for its turn. */
    private static final long TURN = 1_000_000; // nanoseconds

    private volatile boolean told;

    private volatile @Nullable Pipeline carriedOn;

    /** What its requests can count on. */
    Caller caller() {
        return Caller.STAYS;
    }

    /** Carries out a request, all of it. */
    void drive(Request request) throws IOException {
        try (request) {
            try {
                issueAll(request);
            } catch (InternalError e) {
                throw request.unreadable(e);
            }
        }
    }

    private void issueAll(Request request) throws IOException {
        Submission submission = new Submission();
        IoEngine engine = request.file().engine();
        while (true) {
            switch (request.next(submission)) {
                case ISSUE -> request.accept(engine.transfer(submission), 0);
                case WAIT -> awaitUntil(() -> told);
                case DONE -> {
                    return;
                }
            }
            told = false;
        }
    }

    /**
     * Waits. Interrupts do not end the wait; the status is kept. If the thread owns queues, it
     * carries on with them meanwhile: what it waits for may be theirs to finish.
     */
    void awaitUntil(BooleanSupplier done) {
        List<Pipeline> queues = Pipeline.owned();
        if (queues.isEmpty()) {
            park(done);
        } else {
            carryOn(queues, done);
        }
    }

    private void park(BooleanSupplier done) {
        boolean interrupted = false;
        while (!done.getAsBoolean()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            thread.interrupt();
        }
    }

    private void carryOn(List<Pipeline> queues, BooleanSupplier done) {
        long turn = queues.size() == 1 ? Long.MAX_VALUE : TURN;
        while (!done.getAsBoolean()) {
            for (Pipeline queue : queues) {
                carriedOn = queue; // before it looks: who comes later wakes it
                queue.carryOnUntil(done, turn);
                carriedOn = null;
            }
        }
    }

    @Override
    public void run() {
        told = true;
        LockSupport.unpark(thread);
        Pipeline queue = carriedOn;
        if (queue != null) {
            queue.wake();
        }
    }
}
