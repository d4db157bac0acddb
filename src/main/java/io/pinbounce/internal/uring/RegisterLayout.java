package io.pinbounce.internal.uring;

/** What {@code io_uring_register} takes: opcodes and structures of linux/io_uring.h. */
final class RegisterLayout {

    /** An array of {@code __s32} descriptors; -1 is a free place. */
    static final int IORING_REGISTER_FILES = 2;

    static final int IORING_UNREGISTER_FILES = 3;

    static final int IORING_REGISTER_FILES_UPDATE = 6;

    static final int IORING_REGISTER_PROBE = 8;

    static final int IORING_REGISTER_BUFFERS2 = 15;

    static final int IORING_UNREGISTER_BUFFERS = 1;

    static final int IORING_REGISTER_BUFFERS_UPDATE = 16;

    // struct io_uring_rsrc_register

    static final long RSRC_REGISTER_SIZE = 32;

    static final long RSRC_REGISTER_NR = 0;

    static final long RSRC_REGISTER_FLAGS = 4;

    /** All places are free at first. */
    static final int IORING_RSRC_REGISTER_SPARSE = 1;

    // struct io_uring_rsrc_update, the start of struct io_uring_rsrc_update2

    static final long RSRC_UPDATE_OFFSET = 0;

    static final long RSRC_UPDATE_DATA = 8;

    static final long RSRC_UPDATE2_NR = 24;

    static final long RSRC_UPDATE2_SIZE = 32;

    /** {@code struct iovec} of linux/uio.h: address, then length. */
    static final long IOVEC_SIZE = 16;

    static final long IOV_LEN = 8;

    // struct io_uring_probe, then struct io_uring_probe_op for each opcode

    static final long PROBE_OPS_LEN = 1;

    static final long PROBE_OPS = 16;

    static final long PROBE_OP_SIZE = 8;

    static final long PROBE_OP_FLAGS = 2;

    static final int IO_URING_OP_SUPPORTED = 1;

    private RegisterLayout() {}
}
