package io.pinbounce.uring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Ends the owner's wait from other threads: a counter that they raise, and a poll of it in the
 * ring.
 *
 * <p>The poll is linked to a timeout of no time. The kernel ends a wait for many completions when a
 * timeout fires, whatever their number; a poll would count as just one of them.
 */
final class Waker {

    /** Entries that {@link #arm} adds. */
    static final int ENTRIES = 2;

    private final KernelRing ring;

    private final int counter;

    /** {@code struct __kernel_timespec}: no time. */
    private final MemorySegment noTime;

    /**
     * Both sides write their own flag first and read the other's then, so that at least one of them
     * sees the other: the waker that a wait goes on, or the waiter that he need not.
     */
    private volatile boolean signalled;

    private volatile boolean waiting;

    private boolean armed;

    private boolean closed;

    /**
     * Makes the counter.
     *
     * @throws KernelRefusal if the kernel makes none
     */
    Waker(KernelRing ring) throws KernelRefusal {
        this.ring = ring;
        long fd = ring.machine().syscalls().eventfd();
        if (fd < 0) {
            throw new KernelRefusal("eventfd", (int) -fd);
        }
        counter = (int) fd;
        noTime = ring.allocate(ParamsLayout.TIMESPEC_SIZE);
        noTime.set(JAVA_LONG, 0, 0);
    }

    /** For any thread. */
    void wake() {
        signalled = true;
        if (waiting) {
            raise();
        }
    }

    /** Under a lock with {@link #close()}: the number may be another file's right after. */
    private synchronized void raise() {
        if (!closed) {
            ring.machine().syscalls().raise(counter);
        }
    }

    /** The owner is about to wait. */
    void beginWait() {
        waiting = true;
    }

    /** The owner returns to his caller, who now sees what the waker wanted him to. */
    void endWait() {
        waiting = false;
        signalled = false;
    }

    boolean isSignalled() {
        return signalled;
    }

    boolean isArmed() {
        return armed;
    }

    /** Adds the poll, and what it is linked to. */
    void arm(SubmissionQueue submissions) {
        long poll =
                submissions.next(
                        SqeLayout.IORING_OP_POLL_ADD,
                        SqeLayout.IOSQE_IO_LINK,
                        counter,
                        UserData.of(UserData.WAKE, 0, 0));
        submissions.putFlags(poll, SqeLayout.POLLIN);
        long end =
                submissions.next(
                        SqeLayout.IORING_OP_TIMEOUT, 0, -1, UserData.of(UserData.WAKE_END, 0, 0));
        submissions.put(end, 0, noTime.address(), 1);
        armed = true;
    }

    /** The poll has come back: the counter starts again, and the poll has to. */
    void fired() {
        armed = false;
        ring.machine().syscalls().lower(counter);
    }

    synchronized void close() {
        closed = true;
        ring.machine().posix().close(counter);
    }
}
