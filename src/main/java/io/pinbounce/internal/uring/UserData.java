package io.pinbounce.internal.uring;

/**
 * The 64 bits that an entry carries through the kernel. It is never an address: two transfers of
 * one buffer stay apart, and the generation tells a slot from its earlier uses.
 *
 * <pre>
 *  63           32 31            8 7     0
 * +---------------+---------------+-------+
 * |  generation   |     slot      | kind  |
 * +---------------+---------------+-------+
 * </pre>
 */
final class UserData {

    /** A read, a write, or a force that is linked to no write. */
    static final int TRANSFER = 1;

    /** The force that is linked to a write. */
    static final int FORCE_BEHIND = 2;

    /** An entry that replaces such a force, if its link broke before it was sent. */
    static final int FORCE_UNTRIED = 3;

    /** The poll of the counter that other threads raise. */
    static final int WAKE = 4;

    /** An entry that is linked to such a poll. */
    static final int WAKE_CHAIN = 5;

    /** The timeout of a wait, on kernels whose enter takes no timeout. */
    static final int TIMEOUT = 6;

    /** The removal of such a timeout. */
    static final int TIMEOUT_REMOVE = 7;

    private UserData() {}

    static long of(int kind, int slot, int generation) {
        return (long) generation << 32 | (long) slot << 8 | kind;
    }

    static int kind(long userData) {
        return (int) userData & 0xff;
    }

    static int slot(long userData) {
        return (int) userData >>> 8;
    }

    static int generation(long userData) {
        return (int) (userData >>> 32);
    }
}
