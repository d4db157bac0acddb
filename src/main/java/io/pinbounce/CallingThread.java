package io.pinbounce;

import io.pinbounce.Request.Caller;
import io.pinbounce.engine.IoEngine;
import io.pinbounce.engine.Submission;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The thread that makes a blocking call: takes its request through the pipeline, and waits where
 * the request has to. It is what the request's waiter tells.
 */
final class CallingThread implements Runnable {

    private final Thread thread = Thread.currentThread();

    private volatile boolean told;

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
                case ISSUE -> request.accept(engine.transfer(submission));
                case WAIT -> awaitUntil(() -> told);
                case DONE -> {
                    return;
                }
            }
            told = false;
        }
    }

    /** Waits. Interrupts do not end the wait; the status is kept. */
    void awaitUntil(BooleanSupplier done) {
        boolean interrupted = false;
        while (!done.getAsBoolean()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            thread.interrupt();
        }
    }

    @Override
    public void run() {
        told = true;
        LockSupport.unpark(thread);
    }
}
