package io.pinbounce.internal.uring;

import io.pinbounce.internal.linux.Errno;

import java.lang.foreign.MemorySegment;

/**
 * The first call into a new ring. A ring that was made is not one that serves: a filter of system
 * calls may forbid to enter it, and a list of allowed operations may lack some. The call sends an
 * entry for each operation of this package; they name no file and impossible flags, so that the
 * kernel fails each at once, and only what it forbids with EACCES or EPERM.
 */
final class RingTrial {

    private static final int[] OPCODES = {
        SqeLayout.IORING_OP_NOP,
        SqeLayout.IORING_OP_READV,
        SqeLayout.IORING_OP_WRITEV,
        SqeLayout.IORING_OP_FSYNC,
        SqeLayout.IORING_OP_READ_FIXED,
        SqeLayout.IORING_OP_WRITE_FIXED,
        SqeLayout.IORING_OP_POLL_ADD,
        SqeLayout.IORING_OP_READ,
        SqeLayout.IORING_OP_WRITE,
        SqeLayout.IORING_OP_READV_FIXED,
        SqeLayout.IORING_OP_WRITEV_FIXED
    };

    private static final int NO_FILE = -1;

    private static final int IMPOSSIBLE = -1;

    private RingTrial() {}

    /**
     * Enters a ring in which nothing happened yet, and leaves both queues empty.
     *
     * @throws KernelRefusal if the kernel does not serve the ring, or only in part
     */
    static void make(KernelRing ring) throws KernelRefusal {
        SubmissionQueue submissions = ring.submissions();
        int count = 0;
        for (int opcode : OPCODES) {
            if (ring.features().knows(opcode)) {
                long sqe = submissions.next(opcode, 0, NO_FILE, opcode);
                submissions.putFlags(sqe, IMPOSSIBLE);
                count++;
            }
        }
        while (submissions.pending() > 0) { // older kernels stop behind an entry that fails
            int taken =
                    ring.enter(
                            submissions.publish(),
                            count,
                            ParamsLayout.IORING_ENTER_GETEVENTS,
                            MemorySegment.NULL,
                            0);
            if (taken < 0 && taken != -Errno.EINTR) {
                throw new KernelRefusal("io_uring_enter", -taken);
            }
            if (taken == 0) {
                throw new KernelRefusal("io_uring_enter does nothing: a seccomp filter hides it");
            }
        }
        take(ring.completions());
    }

    private static void take(CompletionQueue completions) throws KernelRefusal {
        int tail = completions.tail();
        for (int i = completions.head(); i != tail; i++) {
            int res = completions.res(i);
            if (res == -Errno.EACCES || res == -Errno.EPERM) {
                throw new KernelRefusal("io_uring opcode " + completions.userData(i), -res);
            }
        }
        completions.release(tail);
    }
}
