package io.pinbounce.internal.uring;

/**
 * {@code struct io_uring_cqe} of linux/io_uring.h.
 *
 * <pre>
 *  0  user_data u64    8  res s32    12  flags u32
 * </pre>
 */
final class CqeLayout {

    static final long SIZE = 16;

    static final long USER_DATA = 0;

    static final long RES = 8;

    private CqeLayout() {}
}
