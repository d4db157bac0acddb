package io.pinbounce.internal.thread;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/** A queue of requests that only the thread that opened it brings to an end, while that lives. */
public interface OwnedQueue {

    /** Whether the current thread owns it. */
    boolean isOwned();

    /** Whether its owner has ended without closing it. */
    boolean isAbandoned();

    boolean isClosed();

    /** Moves its requests on until {@code reached} is true or the time is up. For the owner. */
    void carryOnUntil(BooleanSupplier reached, long nanos);

    /** Ends a wait of the owner. For any thread. */
    void wake();

    /** Brings all requests to an end. For the owner, or, once that has ended, for any thread. */
    void close() throws IOException;
}
