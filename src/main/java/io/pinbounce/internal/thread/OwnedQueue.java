package io.pinbounce.internal.thread;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * A queue whose requests only its owner, the thread that opened it, brings to an end while it
 * lives.
 */
public interface OwnedQueue {

    /** Whether the current thread owns the queue. */
    boolean isOwned();

    /** Whether the owner has ended without closing the queue. */
    boolean isAbandoned();

    boolean isClosed();

    /** Moves the requests on until {@code reached} is true or the time is up. For the owner. */
    void carryOnUntil(BooleanSupplier reached, long nanos);

    /** Ends a wait of the owner. For any thread. */
    void wake();

    /** Brings all requests to an end. For the owner, or for any thread once the owner has ended. */
    void close() throws IOException;
}
