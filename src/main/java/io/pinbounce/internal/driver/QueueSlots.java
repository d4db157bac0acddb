package io.pinbounce.internal.driver;

import io.pinbounce.internal.thread.OwnedQueue;

import org.jspecify.annotations.Nullable;

/**
 * The slots of a queue, as many as it is deep: those that are free, those that are done, in the
 * order in which they were, and those that have a request under way. For the queue's owner.
 */
final class QueueSlots {

    private final QueuedRequest[] requests;

    /** Numbers of slots that are free: a stack. */
    private final int[] free;

    private int freeCount;

    /** Numbers of slots that are done: a circle. */
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

    /** A request is over. */
    void addDone(QueuedRequest request) {
        done[(doneFirst + doneCount) % done.length] = request.slot;
        doneCount++;
    }

    /** Frees the slot that has been done for longest, once its result is taken over. */
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

    /** Requests whose result was not taken, and those that have none. */
    int pending() {
        return depth() - freeCount;
    }
}
