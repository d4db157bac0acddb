package io.pinbounce.internal.driver;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Requests of a queue that were told that they may be able to go on. Any thread adds a request; the
 * queue's owner takes all requests, in the order in which they were added. A request is here at
 * most once, however often it is told, and is linked by a field of its own, so that nothing is
 * allocated.
 */
final class Told {

    /** The request that was added last, which links to the request added before it. */
    private final AtomicReference<@Nullable QueuedRequest> last = new AtomicReference<>();

    boolean isEmpty() {
        return last.get() == null;
    }

    /**
     * Adds a request, unless it is here already.
     *
     * @return whether it was added
     */
    boolean add(QueuedRequest request) {
        if (request.isTold.getAndSet(true)) {
            return false;
        }
        QueuedRequest before;
        do {
            before = last.get();
            request.nextTold = before;
        } while (!last.compareAndSet(before, request));
        return true;
    }

    /**
     * Takes all requests and returns the first, from which {@link #next} leads on; null if there is
     * none.
     */
    @Nullable QueuedRequest takeAll() {
        QueuedRequest first = null;
        QueuedRequest request = isEmpty() ? null : last.getAndSet(null);
        while (request != null) { // reverses the links: the request added last becomes the last
            QueuedRequest before = request.nextTold;
            request.nextTold = first;
            first = request;
            request = before;
        }
        return first;
    }

    /**
     * Releases a request that was taken, so that it can be added again. The caller must look at the
     * request only after this call: if it is told from here on, it is added again, so nothing is
     * missed.
     *
     * @return the request behind it, or null
     */
    static @Nullable QueuedRequest next(QueuedRequest request) {
        QueuedRequest next = request.nextTold;
        request.nextTold = null;
        request.isTold.set(false);
        return next;
    }
}
