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
 * What an asynchronous call brings. A thread that waits for it, or for a stage that depends on it,
 * carries on with its own queues meanwhile: the call may wait for requests in them.
 */
public final class AsyncResult<T extends @Nullable Object> extends CompletableFuture<T> {

    /** Threads that carry on with their queues until this is done. */
    private final Queue<ThreadWait> waiting = new ConcurrentLinkedQueue<>();

    /** Whether the end of this is going to tell them. */
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

    /** Until this is done, time is up, or the thread is interrupted. */
    private void carryOn(long nanos) {
        ThreadWait thread = new ThreadWait();
        if (thread.ownsQueues()) {
            await(thread, () -> thread.carryOnUntil(this::isDone, nanos));
        }
    }

    private void await(ThreadWait thread, Runnable wait) {
        waiting.add(thread); // before the wait looks: an end that comes later tells the thread
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
