package io.pinbounce.internal.uring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** The call by which the ring's owner submits entries and waits for completions. */
final class RingEnter {

    private static final long NANOS = 1_000_000_000L;

    private final KernelRing ring;

    /** {@code struct io_uring_getevents_arg}, and the time that it points to. */
    private final MemorySegment argument;

    private final long time = ParamsLayout.GETEVENTS_ARG_SIZE;

    private final boolean takesTime;

    /** How many timeout entries were sent, on kernels whose enter takes no timeout. */
    private int timeouts;

    private boolean timing;

    RingEnter(KernelRing ring) {
        this.ring = ring;
        argument = ring.allocate(time + ParamsLayout.TIMESPEC_SIZE);
        argument.set(JAVA_LONG, ParamsLayout.GETEVENTS_ARG_TS, argument.address() + time);
        takesTime = ring.features().reports(ParamsLayout.IORING_FEAT_EXT_ARG);
    }

    /** Entries that {@link #until} may add. */
    static final int ENTRIES = 2;

    /** Submits, and collects completions that wait for the owner or for room, if any do. */
    int submit() {
        SubmissionQueue submissions = ring.submissions();
        int flags = submissions.wantsEnter() ? ParamsLayout.IORING_ENTER_GETEVENTS : 0;
        return ring.enter(submissions.publish(), 0, flags, MemorySegment.NULL, 0);
    }

    /** Collects completions that wait for the owner or for room, and submits nothing. */
    int collect() {
        return ring.enter(0, 0, ParamsLayout.IORING_ENTER_GETEVENTS, MemorySegment.NULL, 0);
    }

    /**
     * Submits, and waits.
     *
     * @param min completions to wait for
     * @param nanos more than 0
     * @return entries taken; {@code -ETIME} only if none was
     */
    int until(int min, long nanos) {
        SubmissionQueue submissions = ring.submissions();
        int flags = ParamsLayout.IORING_ENTER_GETEVENTS;
        if (nanos == Long.MAX_VALUE) {
            return ring.enter(submissions.publish(), min, flags, MemorySegment.NULL, 0);
        }
        argument.set(JAVA_LONG, time, nanos / NANOS);
        argument.set(JAVA_LONG, time + ParamsLayout.TIMESPEC_NSEC, nanos % NANOS);
        if (takesTime) {
            return ring.enter(
                    submissions.publish(),
                    min,
                    flags | ParamsLayout.IORING_ENTER_EXT_ARG,
                    argument,
                    ParamsLayout.GETEVENTS_ARG_SIZE);
        }
        time(submissions);
        // The call ends with the first completion, so that a timeout ends it.
        return ring.enter(submissions.publish(), 1, flags, MemorySegment.NULL, 0);
    }

    /** Sends a timeout, and removes that of the last wait if it is still pending. */
    private void time(SubmissionQueue submissions) {
        if (timing) {
            long removal =
                    submissions.next(
                            SqeLayout.IORING_OP_TIMEOUT_REMOVE,
                            0,
                            -1,
                            UserData.of(UserData.TIMEOUT_REMOVE, 0, 0));
            submissions.put(removal, 0, UserData.of(UserData.TIMEOUT, 0, timeouts), 0);
        }
        timeouts++;
        long timeout =
                submissions.next(
                        SqeLayout.IORING_OP_TIMEOUT,
                        0,
                        -1,
                        UserData.of(UserData.TIMEOUT, 0, timeouts));
        submissions.put(timeout, 0, argument.address() + time, 1);
        timing = true;
    }

    /** A timeout has completed; one that was removed is ignored. */
    void timedOut(int generation) {
        if (generation == timeouts) {
            timing = false;
        }
    }
}
