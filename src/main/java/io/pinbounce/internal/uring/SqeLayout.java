package io.pinbounce.internal.uring;

/**
 * {@code struct io_uring_sqe} of linux/io_uring.h, and the numbers that go into it.
 *
 * <pre>
 *  0  opcode   u8    8  off        u64   32  user_data   u64
 *  1  flags    u8   16  addr       u64   40  buf_index   u16
 *  2  ioprio   u16  24  len        u32   42  personality u16
 *  4  fd       s32  28  rw_flags   u32   44  file_index  u32   48..63 unused here
 * </pre>
 */
final class SqeLayout {

    static final long SIZE = 64;

    static final long OPCODE = 0;

    static final long FLAGS = 1;

    static final long IOPRIO = 2;

    static final long FD = 4;

    static final long OFF = 8;

    static final long ADDR = 16;

    static final long LEN = 24;

    /** A union: also {@code fsync_flags}, {@code poll32_events} and {@code timeout_flags}. */
    static final long RW_FLAGS = 28;

    static final long USER_DATA = 32;

    static final long BUF_INDEX = 40;

    static final long PERSONALITY = 42;

    static final long FILE_INDEX = 44;

    static final long ADDR3 = 48;

    /** Does nothing. */
    static final int IORING_OP_NOP = 0;

    static final int IORING_OP_READV = 1;

    static final int IORING_OP_WRITEV = 2;

    static final int IORING_OP_FSYNC = 3;

    static final int IORING_OP_READ_FIXED = 4;

    static final int IORING_OP_WRITE_FIXED = 5;

    static final int IORING_OP_POLL_ADD = 6;

    static final int IORING_OP_TIMEOUT = 11;

    static final int IORING_OP_TIMEOUT_REMOVE = 12;

    static final int IORING_OP_READ = 22;

    static final int IORING_OP_WRITE = 23;

    /** Linux 6.15. */
    static final int IORING_OP_READV_FIXED = 60;

    /** Linux 6.15. */
    static final int IORING_OP_WRITEV_FIXED = 61;

    /** {@code fd} is an index into the table of registered files. */
    static final int IOSQE_FIXED_FILE = 1;

    /** The next entry starts when this one has succeeded in full, else it is cancelled. */
    static final int IOSQE_IO_LINK = 1 << 2;

    /** As fdatasync does. */
    static final int IORING_FSYNC_DATASYNC = 1;

    /** {@code POLLIN} of asm-generic/poll.h. */
    static final int POLLIN = 1;

    private SqeLayout() {}
}
