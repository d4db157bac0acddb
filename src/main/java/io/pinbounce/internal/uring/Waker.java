package io.pinbounce.internal.uring;

/**
 * Ends the ring owner's wait from other threads, which raise a counter that the ring polls.
 *
 * <p>A wait ends after a number of completions of any kind. So that a wake-up ends a wait for
 * several of them, the poll heads a chain of entries that do nothing; they all complete when the
 * poll fires, and no wait is for more completions than the chain has entries.
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
     * Each side writes its own flag and then reads the other's, so that at least one of them sees
     * the other: the waking thread sees that the owner waits, or the owner sees that it need not
     * wait.
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

    /**
     * Under the same lock as {@link #close()}, after which the number may belong to another file.
     */
    private synchronized void raise() {
        if (!closed) {
            ring.machine().syscalls().raise(counter);
        }
    }

    /** The owner is about to wait. */
    void beginWait() {
        waiting = true;
    }

    /** The owner returns to its caller, which now looks at what it was woken for. */
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
                    i > 1 ? SqeLayout.IOSQE_IO_LINK : 0, // the last is linked to nothing
                    -1,
                    UserData.of(UserData.WAKE_CHAIN, 0, 0));
        }
        armed = true;
    }

    /** The poll has completed: the counter is set back, and the poll must be armed again. */
    void fired() {
        armed = false;
        ring.machine().syscalls().lower(counter);
    }

    synchronized void close() {
        closed = true;
        ring.machine().libc().close(counter);
    }
}
