package io.pinbounce.internal.request;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.Guard;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.RangeTable;
import io.pinbounce.internal.sidecar.Intent;
import io.pinbounce.internal.sidecar.SealRun;
import io.pinbounce.internal.sidecar.TupleStore;
import io.pinbounce.internal.sidecar.TupleStore.State;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Protects data as it is: reads it, part by part, puts its seals on record, and stores them. Seals
 * on record are as durable as those of a write, and a write that follows knows the seals of the
 * data that it overwrites.
 */
public final class SealRequest extends Request {

    /** Which intervals of its range it protects. */
    public enum Scope {
        /** All of them, whatever was known about them. */
        ALL,
        /**
         * Those that are unprotected; a part without unprotected intervals is not read, nor is a
         * hole.
         */
        UNPROTECTED
    }

    private final Intent intent;

    private final LogRecord record = new LogRecord(this);

    /** Whether the part's seals are made, and on their way to the log. */
    private boolean recording;

    private Scope scope = Scope.ALL;

    private long position;

    private long end;

    private long at;

    private long unit;

    private long partEnd;

    private long sealed;

    /**
     * Where the hole ends that the range starts with; data written by other processes was forced
     * before.
     */
    private long holeEnd;

    public SealRequest(Caller caller, Runnable waiter) {
        this(caller, null, waiter);
    }

    /**
     * A request, to be set.
     *
     * @param queue the queue that sends this request; null if a thread waits for it
     */
    public SealRequest(Caller caller, @Nullable Object queue, Runnable waiter) {
        super(caller, waiter);
        intent = new Intent(queue, waiter);
    }

    public void set(OpenFile file, Scope scope, long position, long length) {
        this.scope = scope;
        unit = file.readUnit();
        set(file, "seal", position, length, unit);
        this.position = position;
        at = position;
        end = position + length;
        sealed = 0;
        holeEnd = 0;
        recording = false;
    }

    /** Bytes that are sealed. */
    @Override
    public long done() {
        return sealed;
    }

    private Guard guard() {
        return Objects.requireNonNull(file().guard());
    }

    @Override
    protected boolean admit() throws IOException {
        if (!range.hasEntered()) {
            requireWholeIntervals();
            range.enter(
                    file(),
                    Alignment.down(position, unit),
                    Alignment.up(end, unit),
                    RangeTable.Use.EXCLUSIVE,
                    RangeTable.Size.READ);
        }
        if (range.isGranted()) {
            end = Math.max(position, Math.min(end, file().inode().size()));
            holeEnd = scope == Scope.ALL ? 0 : Math.min(end, file().holeEnd(position));
        }
        return range.isGranted();
    }

    private void requireWholeIntervals() {
        if (file().guard() == null) {
            throw new IllegalStateException(
                    "only a file that is open with protection can be sealed: " + call());
        }
        int interval = guard().interval();
        if (position % interval != 0 || (end % interval != 0 && end < file().inode().size())) {
            throw new IllegalArgumentException(
                    "whole intervals are sealed, interval=" + interval + " " + call());
        }
    }

    @Override
    protected Step stageIn() throws IOException {
        while (recording || (at < holeEnd && stageHole())) {
            Step step = record();
            if (recording) {
                return step;
            }
        }
        long most = (long) guard().store().mostIntervals() * guard().interval();
        long part = Math.min(file().bounceLimit(unit), Alignment.down(most, unit));
        long from;
        do {
            if (at >= end) {
                return Step.DONE;
            }
            from = Alignment.down(at, unit);
            partEnd = Math.min(end, from + part);
        } while (skips());
        long length = Alignment.up(partEnd, unit) - from;
        return hasSlot(length) ? startSlot(Submission.Op.READ, from, 0, length) : Step.WAIT;
    }

    /** Skips the part if it has nothing to seal. */
    private boolean skips() throws IOException {
        if (scope == Scope.ALL || known().count(State.UNPROTECTED) > 0) {
            return false;
        }
        at = partEnd;
        return true;
    }

    /**
     * Goes over a hole: whole pages of tuples that are not stored need no seals, all other
     * intervals get the seals of zeros.
     *
     * @return whether there are seals to be put on record
     */
    private boolean stageHole() throws IOException {
        TupleStore store = guard().store();
        int interval = guard().interval();
        while (at < holeEnd) {
            long first = at / interval;
            long until = store.unwritten(first, (holeEnd + interval - 1) / interval);
            if (until > first && guard().known(first, 1).state(0) == State.UNPROTECTED) {
                until = store.takeForZeros(first, until);
                sealed += Math.min(holeEnd, until * interval) - at;
            }
            if (until > first) {
                at = Math.min(holeEnd, until * interval);
                continue;
            }
            long part = Math.min(store.nextPage(first) - first, store.mostIntervals());
            partEnd = Math.min(holeEnd, at + part * interval);
            if (!skips()) {
                sealZeros();
                return true;
            }
        }
        return false;
    }

    private void sealZeros() throws IOException {
        TupleStore store = guard().store();
        int interval = guard().interval();
        intent.set(at / interval, partEnd);
        SealRun seals = intent.seals();
        seals.clear((int) ((partEnd - at + interval - 1) / interval));
        for (int i = 0; i < seals.count(); i++) {
            seals.set(i, State.PROTECTED, store.seals().ofZeros());
        }
        enter();
    }

    /** Announces the part's seals to the log, without those of intervals to be left alone. */
    private void enter() throws IOException {
        if (scope == Scope.UNPROTECTED) {
            leaveAlone(known());
        }
        intent.covers(0, intent.seals().count());
        guard().store().enter(intent);
        recording = true;
    }

    /** What is known about the part. */
    private SealRun known() throws IOException {
        int interval = guard().interval();
        return guard().known(at / interval, (partEnd - at + interval - 1) / interval);
    }

    /** Waits until the seals are on record, which this request may have to write. */
    private Step record() throws IOException {
        TupleStore store = guard().store();
        return switch (store.next(intent)) {
            case RECORDED -> {
                storeAll();
                store.leave(intent);
                recording = false;
                at = partEnd;
                yield Step.ISSUE;
            }
            case WAIT -> Step.WAIT;
            case LEAD -> record.write(store, intent);
        };
    }

    /** Stores the seals of the part, except for intervals that are marked to be left alone. */
    private void storeAll() {
        SealRun seals = intent.seals();
        long interval = guard().interval();
        for (int from = 0; from < seals.count(); from = seals.runFrom(from)) {
            int to = seals.runFrom(from);
            if (seals.state(from) == State.PROTECTED) {
                guard().store().store(intent.first(), seals, from, to);
                sealed += Math.min(partEnd, at + to * interval) - (at + from * interval);
            }
        }
    }

    @Override
    protected void stageOut() throws IOException {
        if (recording) {
            record.written(guard().store(), intent, unit);
            return;
        }
        if (span.failed() != 0) {
            throw Errors.of(call(), span.failed(), done());
        }
        int interval = guard().interval();
        long first = at - span.position();
        long last = Alignment.up(partEnd, interval) - span.position();
        MemorySegment data = slot().asSlice(0, last);
        padWithZeros(data, file().inode().size());
        intent.set(at / interval, partEnd);
        guard().generate(data.asSlice(first), at / interval, intent.seals());
        enter();
    }

    /** Marks the intervals to be left alone: those that are protected, or known to be damaged. */
    private void leaveAlone(SealRun known) {
        SealRun seals = intent.seals();
        for (int i = 0; i < known.count(); i++) {
            if (known.state(i) != State.UNPROTECTED) {
                seals.set(i, State.DAMAGED, 0);
            }
        }
    }

    @Override
    protected void settle() throws IOException {
        try {
            record.close();
        } finally {
            guard().store().leave(intent);
        }
    }
}
