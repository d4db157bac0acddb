package io.pinbounce.internal.request;

import io.pinbounce.BadInterval;
import io.pinbounce.ProtectionException;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.Guard;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.RangeTable;
import io.pinbounce.internal.sidecar.SealRun;
import io.pinbounce.internal.sidecar.TupleStore.State;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A change of size. Cutting inside a guarded interval reads and verifies that interval first, since
 * the bytes that remain need a new tuple, which guards them as if zeros followed.
 */
public final class TruncateRequest extends Request {

    private long size;

    private long unit;

    private @Nullable Guard guard;

    private boolean verified;

    /** The new seal of the interval that the new end lies in. */
    private final SealRun cut = new SealRun();

    /** The seal of that interval's present data, if it is unprotected. */
    private final SealRun base = new SealRun();

    public TruncateRequest(Caller caller, Runnable waiter) {
        super(caller, waiter);
    }

    public void set(OpenFile file, long size) {
        unit = file.readUnit();
        set(file, "truncate", -1, -1, unit);
        this.size = size;
        guard = file.guard();
        cut.clear(0);
        base.clear(0);
    }

    @Override
    public long done() {
        return 0;
    }

    @Override
    protected boolean admit() throws IOException {
        if (!range.hasEntered()) {
            range.enter(
                    file(),
                    Alignment.down(size, file().writeUnit()),
                    Long.MAX_VALUE,
                    RangeTable.Use.EXCLUSIVE,
                    RangeTable.Size.CUT);
        }
        if (!range.isGranted()) {
            return false;
        }
        long before = file().askSize(call());
        file().inode().publishSize(before);
        // If the cut goes through no interval, no tuple changes.
        verified = guard == null || size % guard.interval() == 0 || size >= before;
        return true;
    }

    @Override
    protected Step stageIn() {
        if (verified) {
            return Step.DONE;
        }
        return hasSlot(unit)
                ? startSlot(Submission.Op.READ, Alignment.down(size, unit), 0, unit)
                : Step.WAIT;
    }

    @Override
    protected void stageOut() throws IOException {
        if (span.failed() != 0) {
            throw Errors.of(call(), span.failed(), 0);
        }
        if (guard != null) {
            prepareTuple(guard);
        }
        verified = true;
    }

    private void prepareTuple(Guard guard) throws IOException {
        MemorySegment data = slot().asSlice(0, unit);
        padWithZeros(data, file().inode().size());
        long number = size / guard.interval();
        long start = number * guard.interval();
        MemorySegment interval = data.asSlice(start - span.position(), guard.interval());
        SealRun known = guard.known(number, 1);
        State state = known.state(0);
        List<BadInterval> bad = guard.verify(interval, number, known);
        if (!bad.isEmpty()) {
            throw new ProtectionException(call(), bad, 0);
        }
        boolean unprotected = state == State.UNPROTECTED;
        if (unprotected && !guard.store().wantsBase()) {
            return;
        }
        if (unprotected) {
            guard.generate(interval, number, base);
            base.set(0, state, base.seal(0));
        }
        interval.asSlice(size - start).fill((byte) 0);
        guard.generate(interval, number, cut);
        cut.set(0, state, cut.seal(0));
    }

    @Override
    protected void apply() throws IOException {
        if (guard != null) {
            file().resizing(size, cut, base);
        }
        int failed = file().truncate(size);
        if (failed < 0) {
            if (guard != null) {
                guard.store().resizeFailed();
            }
            throw Errors.of(call(), failed, 0);
        }
        file().inode().publishSize(size);
        if (guard != null) {
            file().resized(size, cut);
        }
    }
}
