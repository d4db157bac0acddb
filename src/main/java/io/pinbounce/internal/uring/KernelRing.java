package io.pinbounce.internal.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.UringSyscalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A ring's descriptor, and the memory that the ring shares with the kernel. */
final class KernelRing {

    private final Machine machine;

    private final int fd;

    private final RingFeatures features;

    /** All memory of the ring; closed with the ring. */
    private final Arena arena;

    private final SubmissionQueue submissions;

    private final CompletionQueue completions;

    /** The machine's calls that a ring uses. */
    record Machine(LibC libc, UringSyscalls syscalls) {}

    /**
     * Maps what {@code io_uring_setup} made.
     *
     * @param params as the kernel filled them
     * @throws KernelRefusal if mapping fails; the descriptor is the caller's to close
     */
    @SuppressWarnings("MustBeClosedChecker") // closed with the ring
    KernelRing(Machine machine, int fd, MemorySegment params, RingFeatures features)
            throws KernelRefusal {
        this.machine = machine;
        this.fd = fd;
        this.features = features;
        arena = Arena.ofShared();
        boolean mapped = false;
        try {
            int sqEntries = params.get(JAVA_INT, ParamsLayout.SQ_ENTRIES);
            MemorySegment sqOff = params.asSlice(ParamsLayout.SQ_OFF);
            MemorySegment cqOff = params.asSlice(ParamsLayout.CQ_OFF);
            long array = features.has(ParamsLayout.IORING_SETUP_NO_SQARRAY) ? 0 : 4L * sqEntries;
            long queues =
                    Math.max(
                            sqOff.get(JAVA_INT, ParamsLayout.SQ_ARRAY) + array,
                            cqOff.get(JAVA_INT, ParamsLayout.CQ_CQES)
                                    + CqeLayout.SIZE
                                            * params.get(JAVA_INT, ParamsLayout.CQ_ENTRIES));
            MemorySegment shared = map(queues, ParamsLayout.IORING_OFF_SQ_RING);
            MemorySegment sqes = map(SqeLayout.SIZE * sqEntries, ParamsLayout.IORING_OFF_SQES);
            submissions = new SubmissionQueue(shared, sqOff, sqes, array);
            completions = new CompletionQueue(shared, cqOff);
            mapped = true;
        } finally {
            if (!mapped) {
                arena.close();
            }
        }
    }

    private MemorySegment map(long length, long offset) throws KernelRefusal {
        long address = machine.syscalls().mmap(fd, length, offset);
        if (address < 0) {
            throw new KernelRefusal("mmap of the ring", (int) -address);
        }
        return machine.libc()
                .adopt(address, length, arena, () -> machine.libc().munmap(address, length));
    }

    Machine machine() {
        return machine;
    }

    RingFeatures features() {
        return features;
    }

    SubmissionQueue submissions() {
        return submissions;
    }

    CompletionQueue completions() {
        return completions;
    }

    /** Memory that lives as long as the ring. */
    MemorySegment allocate(long size) {
        return arena.allocate(size, Long.BYTES);
    }

    int enter(int submit, int min, int flags, MemorySegment argument, long size) {
        return (int) machine.syscalls().enter(fd, submit, min, flags, argument, size);
    }

    int register(int opcode, MemorySegment argument, int count) {
        return (int) machine.syscalls().register(fd, opcode, argument, count);
    }

    /** Unmaps and closes: the mappings keep the kernel's ring alive, too. */
    void close() {
        arena.close();
        machine.libc().close(fd);
    }
}
