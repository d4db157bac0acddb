package io.pinbounce.internal.uring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Entries on their way to the kernel. The ring's owner writes entries and moves the tail; the
 * kernel takes them and moves the head. Both only ever grow, and wrap around at 2^32.
 */
final class SubmissionQueue {

    private static final VarHandle INDEX = JAVA_INT.varHandle();

    private final MemorySegment shared;

    private final MemorySegment sqes;

    private final long kernelHead;

    private final long kernelTail;

    private final long kernelFlags;

    private final int mask;

    /** Behind the last entry written; the kernel sees it at the next {@link #publish()}. */
    private int tail;

    SubmissionQueue(MemorySegment shared, MemorySegment sqOff, MemorySegment sqes, long array) {
        this.shared = shared;
        this.sqes = sqes;
        kernelHead = sqOff.get(JAVA_INT, ParamsLayout.SQ_HEAD);
        kernelTail = sqOff.get(JAVA_INT, ParamsLayout.SQ_TAIL);
        kernelFlags = sqOff.get(JAVA_INT, ParamsLayout.SQ_FLAGS);
        mask = shared.get(JAVA_INT, sqOff.get(JAVA_INT, ParamsLayout.SQ_RING_MASK));
        long indexes = sqOff.get(JAVA_INT, ParamsLayout.SQ_ARRAY);
        for (int i = 0; i < array / Integer.BYTES; i++) { // entry i is always the i-th
            shared.set(JAVA_INT, indexes + 4L * i, i);
        }
        tail = head();
    }

    /** Acquire, paired with the kernel's release: it is done with the entries before the head. */
    private int head() {
        return (int) INDEX.getAcquire(shared, kernelHead);
    }

    /** Entries that the kernel has not taken. */
    int pending() {
        return tail - head();
    }

    /** Entries that fit. */
    int room() {
        return mask + 1 - pending();
    }

    /**
     * Starts an entry: zeros, but for what every entry has.
     *
     * @return where it stands, for {@link #put}; there must be {@link #room()}
     */
    long next(int opcode, int flags, int fd, long userData) {
        long sqe = at(tail++);
        sqes.set(JAVA_BYTE, sqe + SqeLayout.OPCODE, (byte) opcode);
        sqes.set(JAVA_BYTE, sqe + SqeLayout.FLAGS, (byte) flags);
        sqes.set(JAVA_SHORT, sqe + SqeLayout.IOPRIO, (short) 0);
        sqes.set(JAVA_INT, sqe + SqeLayout.FD, fd);
        sqes.set(JAVA_LONG, sqe + SqeLayout.OFF, 0);
        sqes.set(JAVA_LONG, sqe + SqeLayout.ADDR, 0);
        sqes.set(JAVA_INT, sqe + SqeLayout.LEN, 0);
        sqes.set(JAVA_INT, sqe + SqeLayout.RW_FLAGS, 0);
        sqes.set(JAVA_LONG, sqe + SqeLayout.USER_DATA, userData);
        sqes.set(JAVA_SHORT, sqe + SqeLayout.BUF_INDEX, (short) 0);
        sqes.set(JAVA_SHORT, sqe + SqeLayout.PERSONALITY, (short) 0);
        sqes.set(JAVA_INT, sqe + SqeLayout.FILE_INDEX, 0);
        sqes.set(JAVA_LONG, sqe + SqeLayout.ADDR3, 0);
        sqes.set(JAVA_LONG, sqe + SqeLayout.ADDR3 + Long.BYTES, 0);
        return sqe;
    }

    /** Fills in the fields that only transfers, polls and timeouts have. */
    void put(long sqe, long off, long addr, int len) {
        sqes.set(JAVA_LONG, sqe + SqeLayout.OFF, off);
        sqes.set(JAVA_LONG, sqe + SqeLayout.ADDR, addr);
        sqes.set(JAVA_INT, sqe + SqeLayout.LEN, len);
    }

    /** Adds the flags that belong to the opcode. */
    void putFlags(long sqe, int flags) {
        sqes.set(JAVA_INT, sqe + SqeLayout.RW_FLAGS, flags);
    }

    /** Adds which registered buffer the memory lies in. */
    void putBuffer(long sqe, int index) {
        sqes.set(JAVA_SHORT, sqe + SqeLayout.BUF_INDEX, (short) index);
    }

    /**
     * Shows the kernel what was written.
     *
     * @return entries for it to take
     */
    int publish() {
        mendLink();
        // Release, paired with the kernel's acquire of the tail: it sees whole entries.
        INDEX.setRelease(shared, kernelTail, tail);
        return pending();
    }

    /**
     * A link holds within one call only. If the kernel took a write and stopped before the force
     * behind it, that force would run at once: it is made to do nothing, and to say so.
     */
    private void mendLink() {
        int head = head();
        if (head == tail) {
            return;
        }
        long sqe = at(head);
        long userData = sqes.get(JAVA_LONG, sqe + SqeLayout.USER_DATA);
        if (UserData.kind(userData) == UserData.FORCE_BEHIND) {
            sqes.set(JAVA_BYTE, sqe + SqeLayout.OPCODE, (byte) SqeLayout.IORING_OP_NOP);
            sqes.set(JAVA_BYTE, sqe + SqeLayout.FLAGS, (byte) 0);
            sqes.set(JAVA_INT, sqe + SqeLayout.RW_FLAGS, 0);
            sqes.set(
                    JAVA_LONG,
                    sqe + SqeLayout.USER_DATA,
                    UserData.of(
                            UserData.FORCE_UNTRIED,
                            UserData.slot(userData),
                            UserData.generation(userData)));
        }
    }

    /** Whether completions wait for the owner to enter the kernel, or for room. */
    boolean wantsEnter() {
        return (flags() & (ParamsLayout.IORING_SQ_TASKRUN | ParamsLayout.IORING_SQ_CQ_OVERFLOW))
                != 0;
    }

    /** Whether completions wait for room. */
    boolean overflows() {
        return (flags() & ParamsLayout.IORING_SQ_CQ_OVERFLOW) != 0;
    }

    /** Opaque: a flag only says that entering is worth it, and orders nothing. */
    private int flags() {
        return (int) INDEX.getOpaque(shared, kernelFlags);
    }

    private long at(int index) {
        return (index & mask) * SqeLayout.SIZE;
    }

    /** The queue, and each entry that the kernel has not taken. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("head=").append(head()).append(" tail=").append(tail);
        text.append(" flags=0x").append(Integer.toHexString(flags()));
        for (int i = head(); i != tail; i++) {
            long sqe = at(i);
            long userData = sqes.get(JAVA_LONG, sqe + SqeLayout.USER_DATA);
            text.append(" {opcode=").append(sqes.get(JAVA_BYTE, sqe + SqeLayout.OPCODE));
            text.append(" flags=").append(sqes.get(JAVA_BYTE, sqe + SqeLayout.FLAGS));
            text.append(" fd=").append(sqes.get(JAVA_INT, sqe + SqeLayout.FD));
            text.append(" off=").append(sqes.get(JAVA_LONG, sqe + SqeLayout.OFF));
            text.append(" len=").append(sqes.get(JAVA_INT, sqe + SqeLayout.LEN));
            text.append(" slot=").append(UserData.slot(userData)).append('}');
        }
        return text.toString();
    }
}
