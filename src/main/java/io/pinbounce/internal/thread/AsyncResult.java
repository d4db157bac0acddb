package io.pinbounce.internal.thread;

import org.jspecify.annotations.Nullable;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The future of an asynchronous call. A thread that waits for this future, or for a stage that
 * depends on it, carries on with its own queues meanwhile: the call may wait for requests in them.
 */
public final class AsyncResult<T extends @Nullable Object> extends CompletableFuture<T> {

    /** Threads that carry on with their queues until this future is done. */
    private final Queue<ThreadWait> waiting = new ConcurrentLinkedQueue<>();

    /** Whether the completion of this future will tell the waiting threads. */
    private final AtomicBoolean tells = new AtomicBoolean();

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new AsyncResult<>();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        carryOn(Long.MAX_VALUE);
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        long start = System.nanoTime();
        long nanos = unit.toNanos(timeout);
        carryOn(nanos);
        return super.get(nanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
    }

    @Override
    public T join() {
        ThreadWait thread = new ThreadWait();
        if (thread.ownsQueues()) {
            await(thread, () -> thread.awaitUntil(this::isDone));
        }
        return super.join();
    }

    /**
     * Carries on with the queues until this future is done, time is up, or the thread is
     * interrupted.
     */
    private void carryOn(long nanos) {
        ThreadWait thread = new ThreadWait();
        if (thread.ownsQueues()) {
            await(thread, () -> thread.carryOnUntil(this::isDone, nanos));
        }
    }

    private void await(ThreadWait thread, Runnable wait) {
        waiting.add(thread); // before isDone() is asked: a later completion finds the thread here
        try {
            if (!tells.getAndSet(true)) {
                var _ = whenComplete((_, _) -> waiting.forEach(ThreadWait::run));
            }
            wait.run();
        } finally {
            waiting.remove(thread);
        }
    }
}
