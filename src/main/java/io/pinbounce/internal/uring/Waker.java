package io.pinbounce.internal.uring;

/**
 * Ends the owner's wait from other threads: a counter that they raise, and a poll of it in the
 * ring.
 *
 * <p>The kernel counts completions, whatever they are of. So that a wake-up ends a wait for several
 * of them, the poll heads a chain of entries that do nothing, which all complete when it fires, and
 * no wait is for more than the chain has.
 */
final class Waker {

    /**
     * Entries that {@link #arm} adds, and completions that one call waits for at the most: few
     * enough to cost a wake-up little, many enough to save most of the calls.
     */
    static final int ENTRIES = 8;

    private final KernelRing ring;

    private final int counter;

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

    /** Adds the poll, and the chain behind it. */
    void arm(SubmissionQueue submissions) {
        long poll =
                submissions.next(
                        SqeLayout.IORING_OP_POLL_ADD,
                        SqeLayout.IOSQE_IO_LINK,
                        counter,
                        UserData.of(UserData.WAKE, 0, 0));
        submissions.putFlags(poll, SqeLayout.POLLIN);
        for (int i = ENTRIES - 1; i > 0; i--) {
            submissions.next(
                    SqeLayout.IORING_OP_NOP,
                    i > 1 ? SqeLayout.IOSQE_IO_LINK : 0, // but for the last
                    -1,
                    UserData.of(UserData.WAKE_CHAIN, 0, 0));
        }
        armed = true;
    }

    /** The poll has come back: the counter starts again, and the poll has to. */
    void fired() {
        armed = false;
        ring.machine().syscalls().lower(counter);
    }

    synchronized void close() {
        closed = true;
        ring.machine().libc().close(counter);
    }
}
