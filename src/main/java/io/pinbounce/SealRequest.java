package io.pinbounce;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.engine.Submission;
import io.pinbounce.seal.Sheet;
import io.pinbounce.seal.TupleStore.State;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * Protects what is there as it is: reads it, part by part, and stores its seals. Nothing is put on
 * record: until the seals are durable, what was known before is; the store has them durable before
 * anything is written over them.
 */
final class SealRequest extends Request {

    /** Which intervals of its range it protects. */
    enum Scope {
        /** All of them, whatever was known about them. */
        ALL,
        /** Those that nobody vouches for; parts without any are not even read. */
        UNPROTECTED
    }

    private final Sheet seals = new Sheet();

    private Scope scope = Scope.ALL;

    private long position;

    private long end;

    private long at;

    private long unit;

    private long partEnd;

    private long sealed;

    SealRequest(Caller caller, Runnable waiter) {
        super(caller, waiter);
    }

    void set(OpenFile file, Scope scope, long position, long length) {
        this.scope = scope;
        unit = file.readUnit();
        set(file, "seal", position, length, unit);
        this.position = position;
        at = position;
        end = position + length;
        sealed = 0;
    }

    /** Bytes that are sealed. */
    @Override
    long done() {
        return sealed;
    }

    private Guard guard() {
        return Objects.requireNonNull(file().guard());
    }

    @Override
    protected boolean admit() throws IOException {
        if (!hasEntered()) {
            requireWholeIntervals();
            enter(
                    Alignment.down(position, unit),
                    Alignment.up(end, unit),
                    RangeTable.Use.EXCLUSIVE,
                    RangeTable.Size.READ);
        }
        if (isGranted()) {
            end = Math.max(position, Math.min(end, file().inode().size()));
        }
        return isGranted();
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
        long from;
        do {
            if (at >= end) {
                return Step.DONE;
            }
            from = Alignment.down(at, unit);
            partEnd = Math.min(end, from + file().bounceLimit(unit));
        } while (skips());
        long length = Alignment.up(partEnd, unit) - from;
        if (!hasSlot(length)) {
            return Step.WAIT;
        }
        return startSlot(Submission.Op.READ, from, 0, length);
    }

    /** Passes a part over that has nothing to seal. */
    private boolean skips() throws IOException {
        if (scope == Scope.ALL || known().count(State.UNPROTECTED) > 0) {
            return false;
        }
        at = partEnd;
        return true;
    }

    /** What is known about the part. */
    private Sheet known() throws IOException {
        int interval = guard().interval();
        return guard().known(at / interval, (partEnd - at + interval - 1) / interval);
    }

    @Override
    protected void stageOut() throws IOException {
        if (span.failed() != 0) {
            throw DirectIoException.of(call(), span.failed(), done());
        }
        int interval = guard().interval();
        long first = at - span.position();
        long last = Alignment.up(partEnd, interval) - span.position();
        MemorySegment data = slot().asSlice(0, last);
        padWithZeros(data, file().inode().size());
        guard().generate(List.of(data.asSlice(first)), at / interval, seals);
        if (scope == Scope.ALL) {
            store(0, seals.count());
        } else {
            storeUnprotected(known());
        }
        at = partEnd;
    }

    private void storeUnprotected(Sheet known) throws IOException {
        for (int from = 0; from < known.count(); from = known.runFrom(from)) {
            if (known.state(from) == State.UNPROTECTED) {
                store(from, known.runFrom(from));
            }
        }
    }

    private void store(int from, int to) throws IOException {
        long interval = guard().interval();
        guard().store().seal(at / interval, seals, from, to);
        sealed += Math.min(partEnd, at + to * interval) - (at + from * interval);
    }
}
