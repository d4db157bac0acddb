package io.pinbounce.internal.request;

import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.BouncePool.Slot;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The one slot of a pool that a request bounces through, taken when it is first needed. */
final class RequestSlot {

    private final Runnable waiter;

    private final Buffers buffers = new Buffers();

    private @Nullable Slot slot;

    /**
     * A slot to be taken.
     *
     * @param waiter is told, by any thread, when a slot may have become free
     */
    RequestSlot(Runnable waiter) {
        this.waiter = waiter;
    }

    /** Whether the slot is there, with at least that much room; else asks the pool for it. */
    boolean take(BouncePool pool, long bytes) {
        if (slot == null || !slot.isOf(pool)) {
            slot = pool.slot();
        }
        if (!slot.take(bytes, waiter)) {
            return false;
        }
        buffers.set(slot.memory());
        return true;
    }

    /** Its memory: as much as was asked for, or more. */
    MemorySegment memory() {
        return Objects.requireNonNull(slot, "no slot").memory();
    }

    /** The same, or other memory that is used in its place. */
    Buffers buffers() {
        return buffers;
    }

    /** Gives the slot back. */
    void release() {
        if (slot != null) {
            slot.close();
        }
        buffers.clear();
    }
}
