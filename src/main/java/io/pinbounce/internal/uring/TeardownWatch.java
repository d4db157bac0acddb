package io.pinbounce.internal.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells when the kernel is done with a ring that was closed with transfers in flight. The kernel
 * cancels those that wait and lets those at a device run to their end, and no call waits for that.
 * So a pipe is made whose writing end is only among the ring's registered files. The kernel closes
 * those after the last transfer (io_ring_ctx_free of io_uring/io_uring.c), and the reading end then
 * reports the end of the pipe.
 */
final class TeardownWatch {

    private static final long NO_POSITION = -1; // preadv2(2)

    private final KernelRing.Machine machine;

    private final int readingEnd;

    private final int writingEnd;

    private boolean given;

    /**
     * Makes the pipe.
     *
     * @throws KernelRefusal if the kernel makes none
     */
    TeardownWatch(KernelRing.Machine machine) throws KernelRefusal {
        this.machine = machine;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            long result = machine.syscalls().pipe(ends);
            if (result < 0) {
                throw new KernelRefusal("pipe2", (int) -result);
            }
            readingEnd = ends.getAtIndex(JAVA_INT, 0);
            writingEnd = ends.getAtIndex(JAVA_INT, 1);
        }
    }

    /** The descriptor that the ring has to register. */
    int writingEnd() {
        return writingEnd;
    }

    /** Leaves the writing end to the ring, which has registered it. */
    void giveToRing() {
        given = true;
        machine.libc().close(writingEnd);
    }

    /**
     * Waits until the ring has gone.
     *
     * @param nanos longest wait
     * @return whether it has; false at once if the ring never got the writing end
     */
    boolean await(long nanos) {
        if (!given) {
            return false;
        }
        long start = System.nanoTime();
        try (Arena arena = Arena.ofConfined()) {
            List<MemorySegment> nothing = List.of(arena.allocate(1));
            while (machine.libc().preadv(readingEnd, nothing, NO_POSITION) != 0) {
                if (System.nanoTime() - start > nanos) {
                    return false;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            return true;
        }
    }

    void close() {
        machine.libc().close(readingEnd);
        if (!given) {
            machine.libc().close(writingEnd);
        }
    }
}
