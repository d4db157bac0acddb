package io.pinbounce;

import io.pinbounce.seal.TupleStore.State;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What protection adds to one write: old intervals are verified before a part of them is kept,
 * tuples are made of what is sent and stored once it is written, and a failed write is settled.
 *
 * <p>The write goes part by part. The request holds the range of all its intervals.
 */
final class GuardedWrite {

    private final Guard guard;

    private final Extent extent;

    private final Inode inode;

    private final int interval;

    /** The part under way: where it starts, and the tuples of what is sent. */
    private long from;

    private MemorySegment tuples = MemorySegment.NULL;

    GuardedWrite(Guard guard, Extent extent, Inode inode) {
        this.guard = guard;
        this.extent = extent;
        this.inode = inode;
        this.interval = guard.interval();
    }

    /**
     * Damage never gets a valid tuple by accident: what is kept of an interval must be good.
     *
     * @param old a unit of the file, behind its end zeros
     * @param at where in the file
     * @return every interval that is kept in part and is bad
     */
    List<BadInterval> verifyOld(MemorySegment old, long at) {
        List<BadInterval> bad = new ArrayList<>();
        for (long offset = 0; offset < old.byteSize(); offset += interval) {
            if (extent.keepsOld(at + offset, interval, inode.size())) {
                MemorySegment data = old.asSlice(offset, interval);
                bad.addAll(guard.verify(data, (at + offset) / interval));
            }
        }
        return bad;
    }

    /** Makes the tuples of a part that is about to be sent. */
    void generate(long from, List<MemorySegment> data) {
        this.from = from;
        tuples = guard.generate(data, from / interval);
    }

    /**
     * Copies a part into its slot and makes the tuples of the copy.
     *
     * @param from where the part starts
     * @param source the caller's bytes
     * @param slot the part; around the caller's bytes it is filled already
     * @param at where in the slot the caller's bytes go
     */
    void generateCopy(long from, List<MemorySegment> source, MemorySegment slot, long at) {
        long bytes = 0;
        boolean whole = true;
        for (MemorySegment segment : source) {
            bytes += segment.byteSize();
            whole &= segment.byteSize() % interval == 0;
        }
        if (whole && bytes == slot.byteSize()) {
            this.from = from;
            tuples = guard.generateCopy(source, slot, from / interval);
            return;
        }
        long to = at;
        for (MemorySegment segment : source) {
            MemorySegment.copy(segment, 0, slot, to, segment.byteSize());
            to += segment.byteSize();
        }
        generate(from, List.of(slot));
    }

    /** Stores the tuples of what has been written, from the start of the part on. */
    void store(long written) {
        for (long offset = 0; offset < written; offset += interval) {
            if (becomesProtected(from + offset)) {
                guard.store().store((from + offset) / interval, 1, tupleOf(offset));
            }
        }
    }

    /** Whether memory still has the tuples that it had; if not, what is on the disk is unknown. */
    boolean heldStill(List<MemorySegment> data, long written) {
        boolean same = guard.generate(data, from / interval).mismatch(tuples) < 0;
        if (!same) {
            damage(written);
        }
        return same;
    }

    /**
     * After a failed write: keeps the tuple, old or new, that matches what is there; an interval
     * that has neither is damaged.
     *
     * @param readBack the part as it is now, behind the end of the file zeros
     * @param left bytes of the part that stay in the file
     */
    void settle(MemorySegment readBack, long left) {
        for (long offset = 0; offset < left; offset += interval) {
            if (extent.covers(from + offset, interval)) {
                settleInterval(readBack.asSlice(offset, interval), offset);
            }
        }
    }

    private void settleInterval(MemorySegment now, long offset) {
        long number = (from + offset) / interval;
        if (guard.matches(now, tupleOf(offset), number)) {
            if (becomesProtected(from + offset)) {
                guard.store().store(number, 1, tupleOf(offset));
            }
        } else if (guard.store().state(number) == State.UNPROTECTED
                || !guard.verify(now, number).isEmpty()) {
            guard.store().damage(number, 1);
        }
    }

    /** After a failed write that cannot even be read back. */
    void damage(long left) {
        for (long offset = 0; offset < left; offset += interval) {
            if (extent.covers(from + offset, interval)) {
                guard.store().damage((from + offset) / interval, 1);
            }
        }
    }

    /** An interval written in part stays unprotected if it was: nobody vouches for the rest. */
    private boolean becomesProtected(long begin) {
        return extent.covers(begin, interval)
                && (!extent.keepsOld(begin, interval, inode.size())
                        || guard.store().state(begin / interval) != State.UNPROTECTED);
    }

    private MemorySegment tupleOf(long offset) {
        return guard.tuplesOf(tuples, offset / interval, 1);
    }
}
