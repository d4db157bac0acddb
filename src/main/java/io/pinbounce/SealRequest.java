package io.pinbounce;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.engine.Submission;
import io.pinbounce.seal.Sheet;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * Protects what is there as it is, whatever was known about it: reads it, part by part, and stores
 * its seals. Nothing is put on record: until the seals are durable, what was known before is; the
 * store has them durable before anything is written over them.
 */
final class SealRequest extends Request {

    private final Sheet seals = new Sheet();

    private long position;

    private long end;

    private long at;

    private long unit;

    private long partEnd;

    SealRequest(Caller caller, Runnable waiter) {
        super(caller, waiter);
    }

    void set(OpenFile file, long position, long length) {
        unit = file.readUnit();
        set(file, "seal", position, length, unit);
        this.position = position;
        at = position;
        end = position + length;
    }

    @Override
    long done() {
        return at - position;
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
    protected Step stageIn() {
        if (at >= end) {
            return Step.DONE;
        }
        long from = Alignment.down(at, unit);
        partEnd = Math.min(end, from + file().bounceLimit(unit));
        long length = Alignment.up(partEnd, unit) - from;
        if (!hasSlot(length)) {
            return Step.WAIT;
        }
        return startSlot(Submission.Op.READ, from, 0, length);
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
        guard().store().seal(at / interval, seals);
        at = partEnd;
    }
}
