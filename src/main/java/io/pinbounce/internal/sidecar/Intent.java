package io.pinbounce.internal.sidecar;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What a write is about to do: the seals that its intervals will have. Made once for a request, and
 * set anew for each of its parts. One thread at a time uses it, the one that drives the request.
 */
public final class Intent {

    /** What the writer does next. */
    public enum Step {
        /** Sends the data. */
        RECORDED,
        /** Makes {@link Intent#record()} durable, and calls {@link TupleStore#recorded}. */
        LEAD,
        /** Asks again once the waiter was run. */
        WAIT
    }

    private final SealRun seals = new SealRun();

    private final SealRun base = new SealRun();

    private final @Nullable Object groupOwner;

    private final Runnable waiter;

    private long first;

    private int from;

    private int to;

    private long end;

    /** The size that the file is about to have; -1 if it stays. */
    private long size = -1;

    /** Set by the store: the group that has the intent, or null. */
    @Nullable LogGroup group;

    /** Set by the store: whether the intent was entered and not left. */
    boolean entered;

    /**
     * An intent to be set.
     *
     * @param groupOwner the queue that sends the write, which leads the commit groups of its own
     *     writes; null if a thread waits for this write alone
     * @param waiter is run, by any thread, when {@link TupleStore#next} is worth asking
     */
    public Intent(@Nullable Object groupOwner, Runnable waiter) {
        this.groupOwner = groupOwner;
        this.waiter = waiter;
    }

    /**
     * Starts anew; seals and base are to be filled.
     *
     * @param first number of the first interval
     * @param end the byte behind the last one that the file will have because of it
     */
    public void set(long first, long end) {
        this.first = first;
        this.end = end;
        seals.clear(0);
        base.clear(0);
    }

    /**
     * Leaves out intervals that are written back as they were.
     *
     * @param from the first index that really is written
     * @param to the index behind the last
     */
    public void covers(int from, int to) {
        this.from = from;
        this.to = to;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /**
     * What the intervals will be: protected, or as unprotected as they were.
     *
     * @return to be filled
     */
    public SealRun seals() {
        return seals;
    }

    /**
     * What unprotected intervals hold before the write, if the store wants to know.
     *
     * @return empty, or as long as {@link #seals()}, with the seals of the unprotected intervals
     */
    public SealRun base() {
        return base;
    }

    /**
     * The number of the first interval.
     *
     * @return 0 or more
     */
    public long first() {
        return first;
    }

    long end() {
        return end;
    }

    /**
     * Makes this an intent to change the file's size.
     *
     * @param cut what the last interval will be
     * @param before what the last interval is, if it is unprotected
     */
    void resize(long size, long first, SealRun cut, SealRun before) {
        set(first, size);
        this.size = size;
        copy(cut, seals);
        copy(before, base);
        covers(0, cut.count());
    }

    private static void copy(SealRun from, SealRun to) {
        to.clear(from.count());
        for (int i = 0; i < from.count(); i++) {
            to.set(i, from.state(i), from.seal(i));
        }
    }

    long size() {
        return size;
    }

    /** Words of its records at the most, without heads. */
    int words() {
        return (to - from) * (base.count() > 0 ? 2 : 1) + (size >= 0 ? 1 : 0);
    }

    @Nullable Object groupOwner() {
        return groupOwner;
    }

    void tell() {
        waiter.run();
    }

    /**
     * The record of the group, which its leader writes.
     *
     * @return whole blocks of the log; they stay as they are until {@link TupleStore#recorded}
     */
    public MemorySegment record() {
        return Objects.requireNonNull(group, "the intent does not lead").bytes();
    }

    /**
     * Where the leader writes the record.
     *
     * @return bytes from the start of the store's file
     */
    public long recordPosition() {
        return Objects.requireNonNull(group, "the intent does not lead").position();
    }
}
