package io.pinbounce.internal.driver;

import io.pinbounce.internal.thread.OwnedQueue;

import org.jspecify.annotations.Nullable;

/**
 * The slots of a queue, as many as its depth: the free slots, the slots whose request is done, in
 * the order of their ends, and the slots whose request is under way. For the queue's owner.
 */
final class QueueSlots {

    private final QueuedRequest[] requests;

    /** Numbers of the free slots: a stack. */
    private final int[] free;

    private int freeCount;

    /** Numbers of the slots that are done: a ring buffer. */
    private final int[] done;

    private int doneFirst;

    private int doneCount;

    QueueSlots(int depth, OwnedQueue queue, Told told) {
        requests = new QueuedRequest[depth];
        free = new int[depth];
        done = new int[depth];
        freeCount = depth;
        for (int slot = 0; slot < depth; slot++) {
            requests[slot] = new QueuedRequest(slot, queue, told);
            free[slot] = depth - 1 - slot;
        }
    }

    int depth() {
        return requests.length;
    }

    QueuedRequest get(int slot) {
        return requests[slot];
    }

    /** The slot that {@link #take} takes next; null if none is free. */
    @Nullable QueuedRequest nextFree() {
        return freeCount == 0 ? null : requests[free[freeCount - 1]];
    }

    void take() {
        freeCount--;
    }

    /** Adds the slot of a request that is over. */
    void addDone(QueuedRequest request) {
        done[(doneFirst + doneCount) % done.length] = request.slot;
        doneCount++;
    }

    /** Takes the result that has waited longest, and frees its slot. */
    void takeDone(TakenResult result) {
        QueuedRequest request = requests[done[doneFirst]];
        doneFirst = (doneFirst + 1) % done.length;
        doneCount--;
        request.complete(result);
        free[freeCount++] = request.slot;
    }

    /** Requests whose result was not taken. */
    int done() {
        return doneCount;
    }

    /** Requests whose result was not taken, and requests that have no result yet. */
    int pending() {
        return depth() - freeCount;
    }
}
