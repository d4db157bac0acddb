package io.pinbounce.internal.request;

import io.pinbounce.BadInterval;
import io.pinbounce.internal.file.Guard;
import io.pinbounce.internal.file.Inode;
import io.pinbounce.internal.sidecar.Intent;
import io.pinbounce.internal.sidecar.SealRun;
import io.pinbounce.internal.sidecar.TupleStore;
import io.pinbounce.internal.sidecar.TupleStore.State;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What protection adds to one write: old intervals are verified before a part of them is kept, an
 * intent is put on record before data is sent, its seals are stored once it is written, and a
 * failed write is settled.
 *
 * <p>The write goes part by part. The request holds the range of all its intervals.
 */
final class GuardedWrite {

    private final Guard guard;

    private final TupleStore store;

    private final UnitRange units;

    private final Inode inode;

    private final int interval;

    /** The seals of the part under way. */
    private final Intent intent;

    /** Where the part under way starts. */
    private long from;

    GuardedWrite(Guard guard, UnitRange units, Inode inode, Intent intent) {
        this.guard = guard;
        this.store = guard.store();
        this.units = units;
        this.inode = inode;
        this.intent = intent;
        this.interval = guard.interval();
    }

    /** Bytes of a part at the most. */
    long longestPart() {
        return (long) store.mostIntervals() * interval;
    }

    /**
     * Damage never gets a valid tuple by accident: what is kept of an interval must be good.
     *
     * @param old a unit of the file, behind its end zeros
     * @param at where in the file
     * @return every interval that is kept in part and is bad
     */
    List<BadInterval> verifyOld(MemorySegment old, long at) throws IOException {
        List<BadInterval> bad = new ArrayList<>();
        for (long offset = 0; offset < old.byteSize(); offset += interval) {
            if (units.keepsOld(at + offset, interval, inode.size())) {
                MemorySegment data = old.asSlice(offset, interval);
                bad.addAll(guard.verify(data, (at + offset) / interval));
            }
        }
        return bad;
    }

    /**
     * Starts a part.
     *
     * @param from where it starts
     * @param end the byte behind the last one that the file will have because of it
     */
    void begin(long from, long end) {
        this.from = from;
        intent.set(from / interval, end);
    }

    /** Whether the data that is there must be known before it may be written over. */
    boolean needsBase(long to) throws IOException {
        return store.wantsBase()
                && guard.known(from / interval, (to - from + interval - 1) / interval)
                                .count(State.UNPROTECTED)
                        > 0;
    }

    /** Remembers what is there: if the write never happens, it is as unprotected as before. */
    void base(MemorySegment old) throws IOException {
        SealRun base = intent.base();
        guard.generate(List.of(old), from / interval, base);
        SealRun known = guard.known(from / interval, base.count());
        for (int i = 0; i < base.count(); i++) {
            base.set(i, known.state(i), base.seal(i));
        }
    }

    /** Makes the tuples of a part that is about to be sent. */
    void generate(List<MemorySegment> data) throws IOException {
        guard.generate(data, from / interval, intent.seals());
        keepUnprotected();
    }

    /** An interval written in part stays unprotected if it was: nobody vouches for the rest. */
    private void keepUnprotected() throws IOException {
        SealRun seals = intent.seals();
        for (int i = 0; i < seals.count(); i++) {
            long begin = from + (long) i * interval;
            boolean kept = units.keepsOld(begin, interval, inode.size());
            if (kept && guard.known(begin / interval, 1).state(0) == State.UNPROTECTED) {
                seals.set(i, State.UNPROTECTED, seals.seal(i));
            }
        }
    }

    /** Announces what is about to be sent. What only surrounds it is written back as it was. */
    void enter() throws IOException {
        int count = intent.seals().count();
        intent.covers(firstCovered(count), lastCovered(count));
        store.enter(intent);
    }

    /** How far the announcement has got. */
    Intent.Step next() throws IOException {
        return store.next(intent);
    }

    /** Has it recorded, by the request that leads. */
    Request.Step write(LogRecord record) {
        return record.write(store, intent);
    }

    /** Takes what came of recording it. */
    void written(LogRecord record, long unit) throws IOException {
        record.written(store, intent, unit);
    }

    /** The part is over, well or not. */
    void leave() {
        store.leave(intent);
    }

    /** Stores the seals of what has been written, from the start of the part on. */
    void store(long written) {
        int count = (int) ((written + interval - 1) / interval);
        store.store(intent.first(), intent.seals(), firstCovered(count), lastCovered(count));
    }

    /** The first interval of the part that the request writes; before it, its unit is kept. */
    private int firstCovered(int count) {
        int first = 0;
        while (first < count && !units.covers(from + (long) first * interval, interval)) {
            first++;
        }
        return first;
    }

    private int lastCovered(int count) {
        int last = count;
        while (last > 0 && !units.covers(from + (last - 1L) * interval, interval)) {
            last--;
        }
        return last;
    }

    /** Whether memory still has the tuples that it had; if not, what is on the disk is unknown. */
    boolean heldStill(List<MemorySegment> data, long written) {
        SealRun now = new SealRun();
        guard.generate(data, from / interval, now);
        boolean same = true;
        for (int i = 0; i < now.count(); i++) {
            same &= now.seal(i) == intent.seals().seal(i);
        }
        if (!same) {
            damage(written);
        }
        return same;
    }

    /**
     * After a failed write: keeps the seal, old or new, that matches what is there; an interval
     * that has neither is damaged.
     *
     * @param readBack the part as it is now, behind the end of the file zeros
     * @param left bytes of the part that stay in the file
     */
    void settle(MemorySegment readBack, long left) throws IOException {
        for (long offset = 0; offset < left; offset += interval) {
            if (units.covers(from + offset, interval)) {
                settleInterval(readBack.asSlice(offset, interval), (int) (offset / interval));
            }
        }
    }

    private void settleInterval(MemorySegment now, int index) throws IOException {
        long number = from / interval + index;
        if (guard.matches(now, intent.seals().seal(index), number)) {
            store.store(intent.first(), intent.seals(), index, index + 1);
            return;
        }
        SealRun known = guard.known(number, 1);
        boolean untouched =
                known.state(0) == State.UNPROTECTED
                        ? isBase(now, index, number)
                        : guard.verify(now, number, known).isEmpty();
        if (!untouched) {
            damageInterval(number);
        }
    }

    /** Whether unprotected data is what it was, as far as the store wanted to know that. */
    private boolean isBase(MemorySegment now, int index, long number) {
        SealRun base = intent.base();
        return index < base.count()
                && base.state(index) == State.UNPROTECTED
                && guard.matches(now, base.seal(index), number);
    }

    /** After a failed write that cannot even be read back. */
    void damage(long left) {
        for (long offset = 0; offset < left; offset += interval) {
            if (units.covers(from + offset, interval)) {
                damageInterval((from + offset) / interval);
            }
        }
    }

    private void damageInterval(long number) {
        SealRun damaged = new SealRun();
        damaged.clear(1);
        damaged.set(0, State.DAMAGED, 0);
        store.store(number, damaged, 0, 1);
    }
}
