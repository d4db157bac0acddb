package io.pinbounce.internal.thread;

import io.pinbounce.internal.sidecar.TupleStore;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How a thread waits until another thread tells it: it parks; or, if it owns queues, it carries on
 * with them meanwhile, since what it waits for may be theirs to finish.
 */
public final class ThreadWait implements TupleStore.Waiter {

    /** How long one queue is carried on while another of the same thread waits for its turn. */
    private static final long TURN = 1_000_000; // nanoseconds

    /** The same for a wait that interrupts end, since they do not end the carrying on. */
    private static final long LONG_TURN = 50_000_000; // nanoseconds

    private volatile Thread thread = Thread.currentThread();

    private volatile boolean told;

    private volatile @Nullable OwnedQueue carriedOn;

    /** From here on it is the current thread that waits, which was another one before. */
    public void takeOver() {
        thread = Thread.currentThread();
    }

    public boolean isVirtual() {
        return thread.isVirtual();
    }

    /** Tells the thread: it looks again whether it may go on. For any thread. */
    @Override
    public void run() {
        told = true;
        LockSupport.unpark(thread);
        OwnedQueue queue = carriedOn;
        if (queue != null) {
            queue.wake();
        }
    }

    /** Waits until the thread was told since the last time. */
    @Override
    public void await() {
        awaitUntil(() -> told);
        told = false; // before the caller looks: being told from here on is seen the next time
    }

    /**
     * Waits. Interrupts do not end the wait; the status is kept. Queues whose owners have ended are
     * ended meanwhile, too.
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

    /** Waits for what only the kernel brings about: no queue of this thread is carried on. */
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

    /** Whether what it waits for may be its own to finish. */
    public boolean ownsQueues() {
        return !thread.isVirtual() && !QueueOwner.queues().isEmpty();
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Each queue has its turn. */
    private void carryOn(BooleanSupplier done, long nanos) {
        List<OwnedQueue> queues = QueueOwner.queues();
        long turn = queues.size() == 1 ? nanos : Math.min(nanos, TURN);
        for (OwnedQueue queue : queues) {
            carriedOn = queue; // before it looks: what comes later wakes it
            queue.carryOnUntil(done, turn);
            carriedOn = null;
        }
    }
}
