package io.pinbounce.internal.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Entries on their way back. The kernel moves the tail, the ring's owner the head. */
final class CompletionQueue {

    private static final VarHandle INDEX = JAVA_INT.varHandle();

    private final MemorySegment shared;

    private final long kernelHead;

    private final long kernelTail;

    private final long cqes;

    private final int mask;

    /** The kernel's copy of the head; only this class moves it. */
    private int head;

    CompletionQueue(MemorySegment shared, MemorySegment cqOff) {
        this.shared = shared;
        kernelHead = cqOff.get(JAVA_INT, ParamsLayout.CQ_HEAD);
        kernelTail = cqOff.get(JAVA_INT, ParamsLayout.CQ_TAIL);
        cqes = cqOff.get(JAVA_INT, ParamsLayout.CQ_CQES);
        mask = shared.get(JAVA_INT, cqOff.get(JAVA_INT, ParamsLayout.CQ_RING_MASK));
        head = shared.get(JAVA_INT, kernelHead);
    }

    /** The first entry that was not released. */
    int head() {
        return head;
    }

    /** Acquire, paired with the kernel's release of the tail: entries before it are whole. */
    int tail() {
        return (int) INDEX.getAcquire(shared, kernelTail);
    }

    long userData(int index) {
        return shared.get(JAVA_LONG, at(index) + CqeLayout.USER_DATA);
    }

    int res(int index) {
        return shared.get(JAVA_INT, at(index) + CqeLayout.RES);
    }

    /**
     * Release, paired with the kernel's acquire of the head: it may overwrite entries that were
     * read.
     */
    void release(int newHead) {
        head = newHead;
        INDEX.setRelease(shared, kernelHead, newHead);
    }

    private long at(int index) {
        return cqes + (index & mask) * CqeLayout.SIZE;
    }

    @Override
    public String toString() {
        return "head=" + head + " tail=" + tail();
    }
}
