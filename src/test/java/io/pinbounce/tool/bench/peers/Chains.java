package io.pinbounce.tool.bench.peers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Chains of requests, one a slot, that other threads drive: the thread that ends a request asks
 * {@link #take} whether to start the next one, and no thread is woken up in between. Safe for
 * threads.
 */
final class Chains {

    private final AtomicLong left;

    private final CountDownLatch running;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * Chains that are about to start.
     *
     * @param count of them, each of which will ask for requests
     * @param requests in all
     */
    Chains(int count, long requests) {
        running = new CountDownLatch(count);
        left = new AtomicLong(requests);
    }

    /**
     * Takes one more request, or ends the chain.
     *
     * @return whether there is one
     */
    boolean take() {
        if (left.getAndDecrement() > 0) {
            return true;
        }
        running.countDown();
        return false;
    }

    /** Ends the chain at once, and all other chains after the requests that are under way. */
    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        left.set(0);
        running.countDown();
    }

    /** Waits until all chains have ended. */
    void await() throws IOException {
        try {
            running.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while requests are in flight", e);
        }
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IOException("a request failed: " + cause.getMessage(), cause);
        }
    }
}
