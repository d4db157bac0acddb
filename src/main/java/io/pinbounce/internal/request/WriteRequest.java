package io.pinbounce.internal.request;

import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Durability;
import io.pinbounce.StabilityCheck;
import io.pinbounce.UnstableBufferException;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.RangeTable;
import io.pinbounce.internal.file.Slices;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.Intent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A write. The file takes whole units; a unit that the request covers only in part is read first,
 * and the bytes around the request's own are written back as they were. Where the last unit ends
 * past the end of the file, zeros fill it, and the file is cut back to its right size under the
 * size lock. {@link UnitRange} has the picture.
 *
 * <p>It goes part by part, each as long as a slot:
 *
 * <pre>
 *   CHECK_TAIL
 *       |
 *     OPEN -- FILL -- BASE -- SEAL -- RECORD -- WRITE -- FORCE -- done
 *       |                                         |
 *       +------------- the next part -------------+-- READ_BACK -- failed
 * </pre>
 */
public final class WriteRequest extends Request {

    /** What the part under way is waiting for, or what its span is for. */
    private enum Stage {
        /** Verify the old tail before anything is written, since it may be damaged. */
        CHECK_TAIL,
        /** Choose the part, and take a slot for it. */
        OPEN,
        /** Read the units that the part covers only in part. */
        FILL,
        /** Read unprotected data before it is overwritten, if the store needs its seals. */
        BASE,
        /** Copy, and make tuples. */
        SEAL,
        /** Put the intent on record before the data goes out. */
        RECORD,
        /** Write the part. */
        WRITE,
        /** All parts are written, and must still be made durable. */
        FORCE,
        /** A guarded write has failed: read what the device has now. */
        READ_BACK
    }

    private final UnitRange units = new UnitRange();

    private final SizeChange sizeChange = new SizeChange(units);

    private final WritePart part = new WritePart(this, units, sizeChange);

    private final PartialUnits partial = new PartialUnits(this, units);

    private final Settling settling = new Settling(this, part, sizeChange);

    private final LogRecord record = new LogRecord(this);

    private final Refusal refusal = new Refusal(this);

    private final GuardedWrite guarded;

    private WriteGuard guard = WriteGuard.NONE;

    private long unit;

    private boolean pinned;

    private Stage stage = Stage.OPEN;

    private long done;

    /** Whether the write is durable, or need not be. */
    private boolean forced;

    /**
     * A request, to be set.
     *
     * @param queue the queue that sends this request; null if a thread waits for it
     */
    public WriteRequest(Caller caller, @Nullable Object queue, Runnable waiter) {
        super(caller, waiter);
        guarded = new GuardedWrite(units, new Intent(queue, waiter));
    }

    /** Starts anew; {@link #buffers} are set already. */
    public void set(OpenFile file, long position, Durability durability) {
        forced = durability == Durability.ON_FORCE;
        unit = file.writeUnit();
        set(file, "write", position, buffers.length(), unit);
        units.set(position, position + buffers.length(), unit);
        partial.set(unit);
        guard = file.guard() == null ? WriteGuard.NONE : guarded.set(file);
        stage = Stage.OPEN;
        done = 0;
        part.set(unit, guard.maxRecorded());
        settling.clear();
        refusal.clear();
        sizeChange.set(file);
    }

    @Override
    public long done() {
        return done;
    }

    @Override
    protected long knownEnd() {
        return sizeChange.knownEnd(super.knownEnd());
    }

    @Override
    protected boolean admit() throws IOException {
        if (buffers.length() == 0) {
            return true;
        }
        if (!range.hasEntered()) {
            boolean mayChange = !guard.guards() && !file().needsStablePages();
            pinned = pins(units.position(), unit, mayChange);
            sizeChange.begin(this);
            enter(sizeChange.grows() ? RangeTable.Size.CHANGE : RangeTable.Size.READ);
        }
        if (range.isGranted() && !range.holdsSizeLock() && sizeChange.grows()) {
            // Another process has made the file shorter: this write does need the size lock.
            range.leave();
            enter(RangeTable.Size.CHANGE);
        }
        if (!range.isGranted()) {
            return false;
        }
        if (range.holdsSizeLock() && !sizeChange.growsAfterAll(this)) {
            range.leaveSizeLock();
        }
        stage = checksTailFirst() ? Stage.CHECK_TAIL : Stage.OPEN;
        return true;
    }

    private void enter(RangeTable.Size size) {
        boolean alone =
                guard.guards() || !units.isWhole() || file().geometry().stablePages().guarded();
        RangeTable.Use use = alone ? RangeTable.Use.EXCLUSIVE : RangeTable.Use.SHARED;
        range.enter(file(), units.start(), sizeChange.limit(), use, size);
    }

    /** With more than one part, the tail's old data is judged before the first part is written. */
    private boolean checksTailFirst() {
        return guard.guards()
                && !pinned
                && units.limit() - units.start() > part.maxLength()
                && partial.keepsOld(units.limit() - unit);
    }

    @Override
    protected Step stageIn() throws IOException {
        Step step = null;
        while (step == null) { // each stage moves data, waits, or leads to the next one
            step =
                    switch (stage) {
                        case CHECK_TAIL -> checkTail();
                        case OPEN -> open();
                        case FILL -> fill();
                        case BASE -> readBase();
                        case SEAL -> seal();
                        case RECORD -> record();
                        case WRITE -> write();
                        case FORCE -> force();
                        case READ_BACK -> readBack();
                    };
        }
        return step;
    }

    private Step checkTail() {
        return hasSlot(unit) ? readOld(units.limit() - unit, 0) : Step.WAIT;
    }

    private @Nullable Step open() {
        if (part.isLast()) {
            stage = Stage.FORCE;
            return null;
        }
        if (pinned) {
            part.openPinned(guard.guards());
        } else if (!part.openBounced()) {
            return Step.WAIT;
        }
        partial.begin(part.from());
        guard.begin(part.from(), part.to());
        stage = pinned ? Stage.BASE : Stage.FILL;
        return null;
    }

    private @Nullable Step fill() {
        long at = partial.next(part.from(), part.data().byteSize());
        if (at < 0) {
            stage = Stage.BASE;
            return null;
        }
        return readOld(at, at - part.from());
    }

    private Step readOld(long at, long room) {
        file().counters().blockReads.increment();
        return startSlot(Submission.Op.READ, at, room, unit);
    }

    private @Nullable Step readBase() throws IOException {
        if (!guard.needsBase(part.to())) {
            stage = Stage.SEAL;
            return null;
        }
        return part.takeSlot()
                ? startSlot(Submission.Op.READ, part.from(), 0, part.data().byteSize())
                : Step.WAIT;
    }

    private @Nullable Step seal() throws IOException {
        if (pinned) {
            guard.seal(buffers, part.offset(), part.length());
        } else {
            part.copyIn(buffers);
            guard.seal(part.data()); // of the copy, since the caller's memory may change
        }
        guard.enter();
        stage = Stage.RECORD;
        return null;
    }

    /** Waits until the intent of the part is on record, which this request may have to write. */
    private @Nullable Step record() throws IOException {
        return switch (guard.next()) {
            case RECORDED -> {
                stage = Stage.WRITE;
                yield null;
            }
            case WAIT -> Step.WAIT;
            case LEAD -> guard.lead(record);
        };
    }

    private Step write() {
        (pinned ? file().counters().pinnedWrites : file().counters().bouncedWrites).increment();
        sizeChange.send(part.to());
        boolean last = part.isLast() && !forced && !isForcedByCut();
        Submission.Op op = last ? Submission.Op.WRITE_FORCE : Submission.Op.WRITE;
        return pinned
                ? start(op, part.from(), part.offset(), part.length())
                : startSlot(op, part.from(), 0, part.length());
    }

    private Step force() {
        return forced || isForcedByCut()
                ? Step.DONE
                : start(Submission.Op.FORCE, part.from(), 0, 0);
    }

    private Step readBack() throws IOException {
        return settling.readBack(Errors.of(call(), span.failed(), done));
    }

    private boolean isForcedByCut() {
        return range.holdsSizeLock() && sizeChange.endsInCut();
    }

    @Override
    public void detach() {
        boolean copied = part.isLast() && (stage == Stage.RECORD || stage == Stage.WRITE);
        if (!pinned && !copied) {
            buffers.detach();
        }
    }

    @Override
    protected void stageOut() throws IOException {
        switch (stage) {
            case CHECK_TAIL -> {
                partial.accept(Slices.of(slot(), 0, unit), guard);
                stage = Stage.OPEN;
            }
            case FILL -> partial.accept(unitOfPart(span.position()), guard);
            case BASE -> {
                partial.accept(part.data(), guard);
                guard.base(part.data());
                stage = Stage.SEAL;
            }
            case RECORD -> guard.recorded(record, unit);
            case WRITE -> acceptWritten();
            case FORCE -> acceptForced((int) span.failed());
            case READ_BACK -> settling.accept(guard);
            case OPEN, SEAL -> throw new AssertionError("nothing is moved in stage " + stage);
        }
    }

    private MemorySegment unitOfPart(long at) {
        return Slices.of(part.data(), at - part.from(), unit);
    }

    private void acceptWritten() throws IOException {
        countWritten();
        if (span.failed() != 0) {
            acceptFailure();
            return;
        }
        guard.store(span.moved());
        if (pinned && checksStability() && !guard.heldStill(buffers, part, span.moved())) {
            throw new UnstableBufferException(call(), part.offset());
        }
        guard.leave();
        part.end();
        stage = Stage.OPEN;
        if (part.isLast()) {
            refusal.end();
            if (!forced && !isForcedByCut()) {
                acceptForced(forced());
            }
        }
    }

    private boolean checksStability() {
        return file().spec().protection().stabilityCheck() == StabilityCheck.AFTER_WRITE;
    }

    private void acceptFailure() throws DirectIoException {
        if (guard.guards()) {
            stage = Stage.READ_BACK;
            return;
        }
        refusal.begin(pinned, span.failed());
        pinned = false;
        part.endAfter(span.moved());
        stage = Stage.OPEN;
    }

    private void acceptForced(int failed) throws IOException {
        forced = failed == 0;
        if (forced) {
            guard.force();
        } else if (failed != -Errno.ECANCELED) {
            file().failForce();
            throw Errors.of(new Call("force", file().path()), failed, done);
        }
    }

    private void countWritten() {
        done = Math.max(done, part.done(span.moved()));
    }

    /**
     * Whether it is unknown how much of the part under way is written: the caller's memory went
     * away between two submissions, or the engine or the queue came to an end.
     */
    private boolean isInDoubt() {
        return part.isOpen()
                && (stage == Stage.READ_BACK || (stage == Stage.WRITE && isUnderWay()));
    }

    /** Settles a part that is in doubt, cuts the padding off and publishes the new size. */
    @Override
    protected void settle() throws IOException {
        if (stage == Stage.WRITE && isUnderWay()) {
            countWritten(); // what earlier submissions of the part have moved
        }
        try (record) {
            if (guard.guards() && isInDoubt()) {
                settling.settleNow(guard);
            }
        } finally {
            guard.leave();
        }
        if (range.holdsSizeLock()) {
            boolean durable = file().spec().durability() == Durability.DSYNC || !forced;
            boolean byCut = !forced && sizeChange.endsInCut() && done == buffers.length();
            sizeChange.settle(this, done, durable);
            if (byCut) {
                guard.force();
            }
        }
    }
}
