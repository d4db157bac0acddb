package io.pinbounce;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.engine.Submission;
import io.pinbounce.seal.Intent;
import io.pinbounce.seal.TupleStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * Protects what is there as it is, whatever was known about it: reads it, part by part, puts its
 * seals on record, and stores them. On record, they are as durable as those of a write, and if
 * somebody writes there next, what he writes over is known.
 */
final class SealRequest extends Request {

    private final Intent intent;

    private final Buffers record = new Buffers();

    private boolean recording;

    private long position;

    private long end;

    private long at;

    private long unit;

    private long partEnd;

    SealRequest(Caller caller, Runnable waiter) {
        this(caller, null, waiter);
    }

    /**
     * A request, to be set.
     *
     * @param lane of its intents: what it is driven by, if that may take its time
     */
    SealRequest(Caller caller, @Nullable Object lane, Runnable waiter) {
        super(caller, waiter);
        intent = new Intent(lane, waiter);
    }

    void set(OpenFile file, long position, long length) {
        unit = file.readUnit();
        set(file, "seal", position, length, unit);
        this.position = position;
        at = position;
        end = position + length;
        recording = false;
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
    protected Step stageIn() throws IOException {
        if (recording) {
            return record();
        }
        return at < end ? read() : Step.DONE;
    }

    private Step read() {
        long from = Alignment.down(at, unit);
        long most = (long) guard().store().mostIntervals() * guard().interval();
        long part = Math.min(file().bounceLimit(unit), Alignment.down(most, unit));
        partEnd = Math.min(end, from + part);
        long length = Alignment.up(partEnd, unit) - from;
        if (!hasSlot(length)) {
            return Step.WAIT;
        }
        return startSlot(Submission.Op.READ, from, 0, length);
    }

    /** Waits until the seals are on record, which this request may have to write. */
    private Step record() throws IOException {
        TupleStore store = guard().store();
        return switch (store.next(intent)) {
            case RECORDED -> {
                store.store(intent.first(), intent.seals(), 0, intent.seals().count());
                store.leave(intent);
                recording = false;
                at = partEnd;
                yield stageIn();
            }
            case WAIT -> Step.WAIT;
            case LEAD -> {
                record.set(intent.record());
                record.hold();
                span.use(store.log().file(), store.log().block());
                yield start(Submission.Op.WRITE, intent.recordPosition(), record);
            }
        };
    }

    @Override
    protected void stageOut() throws IOException {
        if (recording) {
            span.use(file().handle(), unit);
            record.clear();
            guard().store().recorded(intent, span.failed());
            return;
        }
        if (span.failed() != 0) {
            throw DirectIoException.of(call(), span.failed(), done());
        }
        int interval = guard().interval();
        long first = at - span.position();
        long last = Alignment.up(partEnd, interval) - span.position();
        MemorySegment data = slot().asSlice(0, last);
        padWithZeros(data, file().inode().size());
        intent.set(at / interval, partEnd);
        guard().generate(List.of(data.asSlice(first)), at / interval, intent.seals());
        intent.covers(0, intent.seals().count());
        guard().store().enter(intent);
        recording = true;
    }

    @Override
    protected void settle() {
        record.clear();
        guard().store().leave(intent);
    }
}
