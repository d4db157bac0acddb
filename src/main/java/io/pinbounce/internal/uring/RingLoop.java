package io.pinbounce.internal.uring;

import io.pinbounce.internal.linux.Errno;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Submits entries, waits, and takes completions, and repeats calls while the kernel lacks
 * resources. For the ring's owner. Results are 0, or the {@code -errno} of a ring that cannot be
 * used any more.
 */
final class RingLoop {

    /** How long the kernel may be out of resources before the ring gives up. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(50);

    private final KernelRing ring;

    private final Transfers transfers;

    private final Waker waker;

    private final RingEnter enter;

    /** When the kernel began to refuse; 0 if it does not. */
    private long refusedSince;

    RingLoop(KernelRing ring, Transfers transfers, Waker waker) {
        this.ring = ring;
        this.transfers = transfers;
        this.waker = waker;
        enter = new RingEnter(ring);
    }

    /**
     * Sends all that is prepared, and collects completions that wait for the owner to enter the
     * kernel.
     */
    int submit() {
        SubmissionQueue submissions = ring.submissions();
        if (submissions.pending() == 0 && !submissions.wantsEnter()) {
            return 0;
        }
        do {
            int result = enter.submit();
            if (!goesOn(result)) {
                return result;
            }
        } while (submissions.pending() > 0);
        return 0;
    }

    /**
     * Sends all that is prepared, and waits until so many transfers are done, until a wake-up, or
     * until time is up.
     */
    int await(int min, long nanos) {
        long start = System.nanoTime();
        waker.beginWait();
        try {
            while (true) {
                reap();
                int missing = min - transfers.done();
                long left = nanos;
                if (nanos != Long.MAX_VALUE) {
                    left -= System.nanoTime() - start;
                }
                if (missing <= 0 || left <= 0 || waker.isSignalled()) {
                    return submit();
                }
                int result = makeRoom(Waker.ENTRIES + RingEnter.ENTRIES);
                if (result == 0) {
                    if (!waker.isArmed()) {
                        waker.arm(ring.submissions());
                    }
                    result = enter.until(Math.min(missing, Waker.ENTRIES), left);
                }
                if (!goesOn(result)) {
                    return result;
                }
            }
        } finally {
            waker.endWait();
        }
    }

    /** Submits if entries do not fit. Slots bound what is prepared, so that is rare. */
    int makeRoom(int entries) {
        return ring.submissions().room() < entries ? submit() : 0;
    }

    /** Whether to go on after the kernel's answer: resources that it lacks may come back. */
    private boolean goesOn(int result) {
        if (result >= 0 || result == -Errno.EINTR || result == -Errno.ETIME) {
            refusedSince = 0;
            return true;
        }
        if (result != -Errno.EAGAIN && result != -Errno.EBUSY) {
            return false;
        }
        int before = ring.completions().head();
        if (enter.collect() >= 0) {
            reap();
        }
        if (ring.completions().head() != before) {
            refusedSince = 0;
            return true;
        }
        long now = System.nanoTime();
        if (refusedSince == 0) {
            refusedSince = now;
        }
        LockSupport.parkNanos(PAUSE);
        return now - refusedSince < PATIENCE;
    }

    /** Takes all completions, also those that did not fit into the queue. */
    void reap() {
        takeAll();
        while (ring.submissions().overflows()) {
            int result = enter.collect();
            if (result < 0 && result != -Errno.EINTR) {
                return; // the next enter meets the same error, and returns it
            }
            takeAll();
        }
    }

    private void takeAll() {
        CompletionQueue completions = ring.completions();
        int tail = completions.tail();
        int head = completions.head();
        if (head == tail) {
            return;
        }
        try {
            while (head != tail) {
                long userData = completions.userData(head);
                int res = completions.res(head);
                head++;
                take(userData, res);
            }
        } finally {
            completions.release(head);
        }
    }

    private void take(long userData, int res) {
        switch (UserData.kind(userData)) {
            case UserData.WAKE -> waker.fired();
            case UserData.TIMEOUT -> enter.timedOut(UserData.generation(userData));
            case UserData.WAKE_CHAIN, UserData.TIMEOUT_REMOVE -> {} // nothing follows from them
            default -> transfers.complete(userData, res);
        }
    }
}
