package io.pinbounce.internal.uring;

/**
 * {@code struct io_uring_params} of linux/io_uring.h, with {@code io_sqring_offsets} and {@code
 * io_cqring_offsets} inside, and the numbers of {@code io_uring_setup} and {@code io_uring_enter}.
 *
 * <pre>
 *   0  sq_entries     u32    16  sq_thread_idle u32
 *   4  cq_entries     u32    20  features       u32
 *   8  flags          u32    24  wq_fd, resv[3] u32
 *  12  sq_thread_cpu  u32    40  sq_off, 80 cq_off: 40 bytes each
 * </pre>
 */
final class ParamsLayout {

    static final long CQ_ENTRIES = 4;

    static final long SQ_ENTRIES = 0;

    static final long FLAGS = 8;

    static final long FEATURES = 20;

    static final long SQ_OFF = 40;

    static final long CQ_OFF = 80;

    // struct io_sqring_offsets

    static final long SQ_HEAD = 0;

    static final long SQ_TAIL = 4;

    static final long SQ_RING_MASK = 8;

    static final long SQ_FLAGS = 16;

    static final long SQ_ARRAY = 24;

    // struct io_cqring_offsets

    static final long CQ_HEAD = 0;

    static final long CQ_TAIL = 4;

    static final long CQ_RING_MASK = 8;

    static final long CQ_CQES = 20;

    // Flags that go in.

    /** {@code cq_entries} is given. */
    static final int IORING_SETUP_CQSIZE = 1 << 3;

    /** One bad entry does not keep those behind it from being taken (Linux 5.18). */
    static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;

    /**
     * Completing does not interrupt the owner thread; it happens when that enters the kernel
     * (5.19).
     */
    static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;

    /** A flag in the ring says when the owner thread should enter the kernel (5.19). */
    static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;

    /** One thread submits; the kernel leaves out what several would need (6.0). */
    static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;

    /** Completing happens only when the owner thread asks for events (6.1). */
    static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;

    /** Entries are taken in order, without an array of indexes between (6.6). */
    static final int IORING_SETUP_NO_SQARRAY = 1 << 16;

    // Features that come out.

    /** Both queues lie in one mapping. */
    static final int IORING_FEAT_SINGLE_MMAP = 1;

    /** Completions that find no room are kept, not dropped. */
    static final int IORING_FEAT_NODROP = 1 << 1;

    /** What an entry points to is read when it is taken. */
    static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;

    /** Enter takes a timeout. */
    static final int IORING_FEAT_EXT_ARG = 1 << 8;

    // Flags that the kernel sets in the submission queue.

    /** Completions wait for room. */
    static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;

    /** Completions wait for the owner thread to enter the kernel. */
    static final int IORING_SQ_TASKRUN = 1 << 2;

    // Flags of io_uring_enter, and its argument, struct io_uring_getevents_arg.

    static final int IORING_ENTER_GETEVENTS = 1;

    static final int IORING_ENTER_EXT_ARG = 1 << 3;

    static final long GETEVENTS_ARG_SIZE = 24;

    static final long GETEVENTS_ARG_TS = 16;

    /** {@code struct __kernel_timespec} of linux/time_types.h: seconds, then nanoseconds. */
    static final long TIMESPEC_SIZE = 16;

    static final long TIMESPEC_NSEC = 8;

    // Where the ring's memory is mapped from.

    static final long IORING_OFF_SQ_RING = 0;

    static final long IORING_OFF_SQES = 0x1000_0000L;

    private ParamsLayout() {}
}
