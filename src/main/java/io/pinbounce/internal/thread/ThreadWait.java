package io.pinbounce.internal.thread;

import io.pinbounce.internal.sidecar.TupleStore;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How a thread waits until another thread tells it: it parks; or, if it owns queues, it carries on
 * with them meanwhile, since the thread may wait for a request of its own queues.
 */
public final class ThreadWait implements TupleStore.Waiter {

    /** How long the thread carries on with one of its queues before it goes to the next one. */
    private static final long TURN = 1_000_000; // nanoseconds

    /** How long a wait that interrupts end carries on before it looks for an interrupt. */
    private static final long LONG_TURN = 50_000_000; // nanoseconds

    private volatile Thread thread = Thread.currentThread();

    private volatile boolean told;

    private volatile @Nullable OwnedQueue carriedOn;

    /**
     * Makes the current thread the one that waits, in place of the thread that made this object.
     */
    public void takeOver() {
        thread = Thread.currentThread();
    }

    public boolean isVirtual() {
        return thread.isVirtual();
    }

    /** Tells the waiting thread to look again whether it may go on. For any thread. */
    @Override
    public void run() {
        told = true;
        LockSupport.unpark(thread);
        OwnedQueue queue = carriedOn;
        if (queue != null) {
            queue.wake();
        }
    }

    /** Waits until the thread was told, after the last such wait. */
    @Override
    public void await() {
        awaitUntil(() -> told);
        told = false; // before the caller looks: if told from here on, the next wait ends at once
    }

    /**
     * Waits. Interrupts do not end the wait; the status is kept. Queues whose owners have ended are
     * closed meanwhile, too.
     */
    public void awaitUntil(BooleanSupplier done) {
        QueueOwner.watchAll();
        boolean interrupted = false;
        while (!done.getAsBoolean()) {
            interrupted |= Thread.interrupted();
            if (ownsQueues()) {
                carryOn(done, Long.MAX_VALUE);
            } else {
                LockSupport.park(this);
            }
        }
        restore(interrupted);
    }

    /**
     * Waits for an event that comes from the kernel alone: no queue of this thread is carried on.
     */
    public void parkUntil(BooleanSupplier done) {
        boolean interrupted = false;
        while (!done.getAsBoolean()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        restore(interrupted);
    }

    /** Carries on with the thread's queues for a while; an interrupt ends that, too. */
    public void carryOnUntil(BooleanSupplier done, long nanos) {
        QueueOwner.watchAll();
        long start = System.nanoTime();
        long left = nanos;
        while (left > 0 && !done.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            carryOn(done, Math.min(left, LONG_TURN));
            left = nanos - (System.nanoTime() - start);
        }
    }

    /** Whether the thread has queues of its own, which it must carry on with. */
    boolean ownsQueues() {
        return !thread.isVirtual() && !QueueOwner.queues().isEmpty();
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Carries on with each of the thread's queues once. */
    private void carryOn(BooleanSupplier done, long nanos) {
        List<OwnedQueue> queues = QueueOwner.queues();
        long turn = queues.size() == 1 ? nanos : Math.min(nanos, TURN);
        for (OwnedQueue queue : queues) {
            carriedOn = queue; // before done is asked: a later run() wakes the queue
            queue.carryOnUntil(done, turn);
            carriedOn = null;
        }
    }
}
