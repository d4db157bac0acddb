package io.pinbounce.internal.engine;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;

/**
 * Where a ring's owner waits. A wake-up is kept until there is a wait for it to end, so none is
 * lost between the owner's last look at its work and its wait.
 */
final class Wakeup {

    private final Lock lock;

    private final Condition changed;

    private boolean woken;

    /**
     * Makes a place to wait.
     *
     * @param lock guards what is waited for
     */
    Wakeup(Lock lock) {
        this.lock = lock;
        changed = lock.newCondition();
    }

    /** Ends the owner's wait, or its next one. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Makes the owner check again whether its wait is over; under the lock. */
    void signal() {
        changed.signal();
    }

    /**
     * Waits, under the lock; interrupts are kept for later.
     *
     * @param until what ends the wait
     * @param nanos the longest wait
     */
    void await(BooleanSupplier until, long nanos) {
        if (until.getAsBoolean()) {
            return; // no wait for a wake to end
        }
        boolean interrupted = false;
        long start = System.nanoTime();
        long left = nanos;
        while (!woken && !until.getAsBoolean() && left > 0) {
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                interrupted = true;
                left = nanos - (System.nanoTime() - start);
            }
        }
        woken = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
