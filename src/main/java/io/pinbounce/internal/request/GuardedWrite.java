package io.pinbounce.internal.request;

import io.pinbounce.BadInterval;
import io.pinbounce.internal.file.Guard;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.sidecar.Intent;
import io.pinbounce.internal.sidecar.SealRun;
import io.pinbounce.internal.sidecar.TupleStore;
import io.pinbounce.internal.sidecar.TupleStore.State;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What protection adds to one write: old intervals are verified before a part of them is kept, an
 * intent is put on record before data is sent, the new seals are stored once the data is written,
 * and a failed write is settled.
 *
 * <p>The write goes part by part. The request holds the range of all its intervals.
 */
final class GuardedWrite extends WriteGuard {

    private final UnitRange units;

    /** The seals of the part under way. */
    private final Intent intent;

    /** The seals of the caller's memory after the write, for comparison. */
    private final SealRun now = new SealRun();

    private @Nullable OpenFile file;

    private @Nullable Guard guard;

    private int interval = 1;

    /** Where the part under way starts. */
    private long from;

    GuardedWrite(UnitRange units, Intent intent) {
        this.units = units;
        this.intent = intent;
    }

    /** Starts anew, with a file that is protected. */
    GuardedWrite set(OpenFile protectedFile) {
        file = protectedFile;
        guard = protectedFile.guard();
        interval = guard().interval();
        return this;
    }

    private Guard guard() {
        return Objects.requireNonNull(guard, "the file is not protected");
    }

    private OpenFile file() {
        return Objects.requireNonNull(file, "the write is not set");
    }

    private TupleStore store() {
        return guard().store();
    }

    private boolean keepsOld(long at) {
        return units.keepsOld(at, interval, file().inode().size());
    }

    @Override
    boolean guards() {
        return true;
    }

    @Override
    long maxRecorded() {
        return (long) store().mostIntervals() * interval;
    }

    @Override
    List<BadInterval> verifyOld(MemorySegment old, long at) throws IOException {
        List<BadInterval> bad = new ArrayList<>();
        for (long offset = 0; offset < old.byteSize(); offset += interval) {
            if (keepsOld(at + offset)) {
                MemorySegment data = old.asSlice(offset, interval);
                bad.addAll(guard().verify(data, (at + offset) / interval));
            }
        }
        return bad;
    }

    @Override
    void begin(long from, long end) {
        this.from = from;
        intent.set(from / interval, end);
    }

    @Override
    boolean needsBase(long to) throws IOException {
        return store().wantsBase()
                && guard().known(from / interval, (to - from + interval - 1) / interval)
                                .count(State.UNPROTECTED)
                        > 0;
    }

    @Override
    void base(MemorySegment old) throws IOException {
        SealRun base = intent.base();
        guard().generate(old, from / interval, base);
        SealRun known = guard().known(from / interval, base.count());
        for (int i = 0; i < base.count(); i++) {
            base.set(i, known.state(i), base.seal(i));
        }
    }

    @Override
    void seal(MemorySegment data) throws IOException {
        guard().generate(data, from / interval, intent.seals());
        keepUnprotected();
    }

    @Override
    void seal(Buffers memory, long offset, long length) throws IOException {
        seal(memory, offset, length, intent.seals());
        keepUnprotected();
    }

    private void seal(Buffers memory, long offset, long length, SealRun into) {
        into.clear((int) (length / interval));
        int index = 0;
        for (int i = memory.slice(offset, length); i > 0; i--) {
            index = guard().generate(memory.nextPart(), from / interval, into, index);
        }
    }

    /**
     * An interval that is written in part stays unprotected if it was: no tuple covers its other
     * bytes.
     */
    private void keepUnprotected() throws IOException {
        SealRun seals = intent.seals();
        for (int i = 0; i < seals.count(); i++) {
            long begin = from + (long) i * interval;
            boolean kept = keepsOld(begin);
            if (kept && guard().known(begin / interval, 1).state(0) == State.UNPROTECTED) {
                seals.set(i, State.UNPROTECTED, seals.seal(i));
            }
        }
    }

    @Override
    void enter() throws IOException {
        int count = intent.seals().count();
        intent.covers(firstCovered(count), lastCovered(count));
        store().enter(intent);
    }

    @Override
    Intent.Step next() throws IOException {
        return store().next(intent);
    }

    @Override
    Request.Step lead(LogRecord record) {
        return record.write(store(), intent);
    }

    @Override
    void recorded(LogRecord record, long unit) throws IOException {
        record.written(store(), intent, unit);
    }

    @Override
    void leave() {
        store().leave(intent);
    }

    @Override
    void store(long written) {
        int count = (int) ((written + interval - 1) / interval);
        store().store(intent.first(), intent.seals(), firstCovered(count), lastCovered(count));
    }

    /** The first interval of the part that the request writes; the intervals before it are kept. */
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

    @Override
    boolean heldStill(Buffers memory, WritePart part, long written) {
        seal(memory, part.offset(), part.length(), now);
        boolean same = true;
        for (int i = 0; i < now.count(); i++) {
            same &= now.seal(i) == intent.seals().seal(i);
        }
        if (!same) {
            damage(written);
        }
        return same;
    }

    @Override
    void settle(MemorySegment readBack, long left) throws IOException {
        for (long offset = 0; offset < left; offset += interval) {
            if (units.covers(from + offset, interval)) {
                settleInterval(readBack.asSlice(offset, interval), (int) (offset / interval));
            }
        }
    }

    private void settleInterval(MemorySegment now, int index) throws IOException {
        long number = from / interval + index;
        if (guard().matches(now, intent.seals().seal(index), number)) {
            store().store(intent.first(), intent.seals(), index, index + 1);
            return;
        }
        SealRun known = guard().known(number, 1);
        boolean untouched =
                known.state(0) == State.UNPROTECTED
                        ? isBase(now, index, number)
                        : guard().verify(now, number, known).isEmpty();
        if (!untouched) {
            damageInterval(number);
        }
    }

    /** Whether unprotected data is unchanged, if the store wanted a base of it. */
    private boolean isBase(MemorySegment now, int index, long number) {
        SealRun base = intent.base();
        return index < base.count()
                && base.state(index) == State.UNPROTECTED
                && guard().matches(now, base.seal(index), number);
    }

    @Override
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
        store().store(number, damaged, 0, 1);
    }

    @Override
    void force() throws IOException {
        file().forceTuples();
    }
}
