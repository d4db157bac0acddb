package io.pinbounce.internal.driver;

import io.pinbounce.CompletionHandler;

import java.io.IOException;

/** Waits for completions of a queue, and hands them to a handler. For the queue's owner. */
public final class Reaper {

    private final QueueDriver queue;

    /** The object that a completion handler is given, valid during its call. */
    private final TakenResult result = new TakenResult();

    private boolean handing;

    public Reaper(QueueDriver queue) {
        this.queue = queue;
    }

    /** Refuses a call from inside a completion handler. */
    public void requireOutsideHandler(String reason) {
        if (handing) {
            throw new IllegalStateException(reason);
        }
    }

    /**
     * Waits, and hands completions over.
     *
     * @param min completions to wait for; no more than there are requests under way
     * @return how many were handed over
     */
    public int await(int min, long nanos, CompletionHandler handler) throws IOException {
        queue.requireGood();
        requireOutsideHandler("a completion handler cannot wait for completions");
        long start = nanos == Long.MAX_VALUE ? 0 : System.nanoTime();
        long left = nanos;
        int handed = 0;
        queue.await(missing(min, 0), left);
        while (true) {
            handed += handOver(handler);
            if (nanos != Long.MAX_VALUE) {
                left = nanos - (System.nanoTime() - start);
            }
            int missing = missing(min, handed);
            if (missing == 0 || left <= 0) {
                return handed;
            }
            queue.await(missing, left);
        }
    }

    private int missing(int min, int handed) {
        return Math.clamp(min - handed - queue.done(), 0, queue.underWay());
    }

    private int handOver(CompletionHandler handler) throws IOException {
        int handed = 0;
        handing = true;
        try {
            for (int left = queue.done(); left > 0; left--) {
                queue.takeDone(result);
                handed++;
                handler.completed(result);
            }
        } finally {
            handing = false;
        }
        return handed;
    }
}
