package io.pinbounce.internal.driver;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Requests of a queue that something they wait for has come about for. Any thread adds one; the
 * queue's owner takes them all, in the order in which they were added. A request stands here once
 * however often it is told, linked by a field of its own, so that nothing is allocated.
 */
final class Told {

    /** The last that was added, which leads to the one before. */
    private final AtomicReference<@Nullable QueuedRequest> last = new AtomicReference<>();

    boolean isEmpty() {
        return last.get() == null;
    }

    /**
     * Adds a request, unless it is here and was not taken.
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

    /** The first of all that were told, to go on from with {@link #next}; null if there is none. */
    @Nullable QueuedRequest takeAll() {
        QueuedRequest first = null;
        QueuedRequest request = isEmpty() ? null : last.getAndSet(null);
        while (request != null) { // turn round: the last one becomes the first
            QueuedRequest before = request.nextTold;
            request.nextTold = first;
            first = request;
            request = before;
        }
        return first;
    }

    /**
     * Lets go of a request that was taken, which is to be looked at afterwards: what it is told
     * from here on is not missed.
     *
     * @return the one behind it, or null
     */
    static @Nullable QueuedRequest next(QueuedRequest request) {
        QueuedRequest next = request.nextTold;
        request.nextTold = null;
        request.isTold.set(false);
        return next;
    }
}
