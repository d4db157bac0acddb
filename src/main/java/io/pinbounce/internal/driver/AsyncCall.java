package io.pinbounce.internal.driver;

import io.pinbounce.internal.request.Request;
import io.pinbounce.internal.request.Request.Caller;
import io.pinbounce.internal.request.Request.Step;
import io.pinbounce.internal.thread.AsyncResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * A call that does not wait. The caller's thread does the work before the first transfer, copies
 * included; a ring thread moves the data; a virtual thread does the work after the first transfer
 * and completes the future, so that neither a copy nor a stage that depends on the future delays
 * the ring.
 *
 * @param <R> the kind of request
 * @param <T> the type of the future's value
 */
final class AsyncCall<R extends Request, T extends @Nullable Object> {

    private final CompletableFuture<T> future = new AsyncResult<>();

    private final RingJob job = new RingJob(this::told);

    private final CallingThread thread;

    private final Admission file;

    private final R request;

    private final End<R, T> end;

    private Step step = Step.WAIT;

    /**
     * Whether the virtual thread was started; written by the caller's thread and by the ring
     * thread.
     */
    private volatile boolean resumed;

    /** Makes the future's value of a request that succeeded. */
    interface End<R, T extends @Nullable Object> {

        T of(R request) throws IOException;
    }

    /** Lets a request in, or refuses it. */
    interface Setting<R> {

        void enter(R request) throws IOException;
    }

    private AsyncCall(Admission file, Maker<R> maker, End<R, T> end) {
        this.file = file;
        thread = new CallingThread(file, job);
        this.request = maker.make(Caller.GOES_ON, thread.waiter());
        this.end = end;
    }

    /** Makes a request. */
    interface Maker<R> {

        R make(Caller caller, Runnable waiter);
    }

    /**
     * Starts a call.
     *
     * @param file lets the request in
     * @param maker makes the request
     * @param setting sets the request and lets it in; an unchecked exception is the caller's
     *     mistake, and is thrown at once
     * @param end makes the future's value
     */
    static <R extends Request, T extends @Nullable Object> CompletableFuture<T> start(
            Admission file, Maker<R> maker, Setting<R> setting, End<R, T> end) {
        AsyncCall<R, T> call = new AsyncCall<>(file, maker, end);
        try {
            setting.enter(call.request);
        } catch (IOException e) {
            call.future.completeExceptionally(e);
            return call.future;
        }
        call.begin();
        return call.future;
    }

    private void begin() {
        try {
            if (isHandedOver()) {
                return;
            }
        } catch (Throwable t) {
            fail(t);
            return;
        }
        resume();
    }

    private boolean isHandedOver() throws IOException {
        try {
            step = request.next(job.submission());
            if (step != Step.DONE) {
                request.detach(); // the caller may change its memory once this call returns
            }
        } catch (InternalError e) {
            throw request.unreadable(e);
        }
        if (step == Step.ISSUE) {
            thread.handOver(request, job);
        }
        return step == Step.ISSUE;
    }

    /**
     * A transfer is done: the first transfer starts the virtual thread, later transfers wake it.
     */
    private void told() {
        if (resumed) {
            thread.waiter().run();
        } else {
            resume();
        }
    }

    private void resume() {
        resumed = true;
        Thread.ofVirtual().name("pinbounce-async").start(this::finish);
    }

    private void finish() {
        thread.waiter().takeOver();
        T value;
        try {
            thread.drive(request, step);
            value = end.of(request);
        } catch (Throwable t) {
            fail(t);
            return;
        }
        file.exit();
        future.complete(value);
    }

    private void fail(Throwable cause) {
        try {
            request.close();
        } catch (Throwable t) {
            cause.addSuppressed(t);
        }
        file.exit();
        future.completeExceptionally(cause);
    }
}
