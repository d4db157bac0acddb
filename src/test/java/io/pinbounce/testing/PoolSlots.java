package io.pinbounce.testing;

import io.pinbounce.buffer.BouncePool;
import io.pinbounce.internal.thread.ThreadWait;

/** Slots for tests that use up a pool. */
public final class PoolSlots {

    private PoolSlots() {}

    /** Takes a slot with memory, and waits for it as a calling thread does. */
    public static BouncePool.Slot acquire(BouncePool pool, long bytes) {
        BouncePool.Slot slot = pool.slot();
        ThreadWait waiter = new ThreadWait();
        while (!slot.take(bytes, waiter)) {
            waiter.await();
        }
        return slot;
    }
}
