package io.pinbounce.internal.request;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Durability;
import io.pinbounce.ProtectionException;
import io.pinbounce.StabilityCheck;
import io.pinbounce.UnstableBufferException;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.Guard;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.RangeTable;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.Intent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * A write. The file takes whole units; a unit that the request covers only in part is read first,
 * and the bytes around the request's own are written back as they were. Where that ends past the
 * end of the file, zeros fill the last unit, and the file is cut back to its right size under the
 * size lock. {@link UnitRange} has the picture.
 */
public final class WriteRequest extends Request {

    private final UnitRange units = new UnitRange();

    private final SizeChange sizeChange = new SizeChange(units);

    private final Intent intent;

    private final LogRecord record = new LogRecord(this);

    private final Refusal refusal = new Refusal(this);

    private long unit;

    private @Nullable GuardedWrite guarded;

    private boolean pinned;

    private WriteStage stage = WriteStage.READ_HEAD;

    /** The part under way: what of the file it covers, and the slot if it bounces. */
    private long from;

    private long to;

    private MemorySegment data = MemorySegment.NULL;

    private long done;

    private @Nullable DirectIoException failure;

    /** Whether it is durable, or need not be. */
    private boolean forced;

    /**
     * A request, to be set.
     *
     * @param lane of its intents: what it is driven by, if that may take its time
     */
    public WriteRequest(Caller caller, @Nullable Object lane, Runnable waiter) {
        super(caller, waiter);
        intent = new Intent(lane, waiter);
    }

    /** Starts anew; {@link #buffers} are set already. */
    public void set(OpenFile file, long position, Durability durability) {
        forced = durability == Durability.ON_FORCE;
        unit = file.writeUnit();
        set(file, "write", position, buffers.length(), unit);
        units.set(position, position + buffers.length(), unit);
        Guard guard = file.guard();
        guarded = guard == null ? null : new GuardedWrite(guard, units, file.inode(), intent);
        stage = WriteStage.READ_HEAD;
        from = units.start();
        to = from;
        data = MemorySegment.NULL;
        done = 0;
        sizeChange.set(file);
        failure = null;
        refusal.clear();
    }

    /** Bytes of the request that are known to be written, from the position on. */
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
        if (!hasEntered()) {
            boolean mayChange = guarded == null && !file().needsStablePages();
            pinned = pins(units.position(), unit, mayChange);
            sizeChange.begin(this);
            enter(sizeChange.grows() ? RangeTable.Size.CHANGE : RangeTable.Size.READ);
        }
        if (isGranted() && !holdsSizeLock() && sizeChange.grows()) {
            // Another process has cut the file, as some request has found: it needs the size lock.
            leave();
            enter(RangeTable.Size.CHANGE);
        }
        if (!isGranted()) {
            return false;
        }
        if (holdsSizeLock() && !sizeChange.growsAfterAll(this)) {
            leaveSizeLock();
        }
        if (checksTailFirst()) {
            stage = WriteStage.CHECK_TAIL;
        }
        return true;
    }

    private void enter(RangeTable.Size size) {
        boolean alone =
                guarded != null || !units.isWhole() || file().geometry().stablePages().guarded();
        RangeTable.Use use = alone ? RangeTable.Use.EXCLUSIVE : RangeTable.Use.SHARED;
        enter(units.start(), sizeChange.limit(), use, size);
    }

    /** With more than one part, the tail's old data is judged before the first part is written. */
    private boolean checksTailFirst() {
        return guarded != null
                && !pinned
                && units.limit() - units.start() > longestPart()
                && keepsOld(units.limit() - unit);
    }

    /** Bytes that go through a slot, and on record, at once. */
    private long longestPart() {
        long most = file().bounceLimit(unit);
        return guarded == null ? most : Math.min(most, Alignment.down(guarded.longestPart(), unit));
    }

    private boolean keepsOld(long at) {
        return units.keepsOld(at, unit, file().inode().size());
    }

    @Override
    protected Step stageIn() throws IOException {
        if (stage == WriteStage.READ_BACK) {
            file().counters().settledWrites.increment();
            if (!takeSlot()) {
                throw Objects.requireNonNull(failure); // those with slots may wait for our intent
            }
            return startSlot(Submission.Op.READ, from, 0, data.byteSize());
        }
        if (stage == WriteStage.CHECK_TAIL) {
            return hasSlot(unit) ? readOld(units.limit() - unit, 0) : Step.WAIT;
        }
        if (from == to && isLastPart()) {
            if (forced || isForcedByCut()) {
                return Step.DONE;
            }
            stage = WriteStage.FORCE;
            return start(Submission.Op.FORCE, from, 0, 0);
        }
        if (from == to && !startPart()) {
            return Step.WAIT;
        }
        if (stage == WriteStage.READ_HEAD) {
            if (keepsOld(from)) {
                return readOld(from, 0);
            }
            stage = WriteStage.READ_TAIL;
        }
        if (stage == WriteStage.READ_TAIL) {
            long tail = data.byteSize() - unit;
            if (tail > 0 && keepsOld(from + tail)) {
                return readOld(from + tail, tail);
            }
            stage = WriteStage.READ_BASE;
        }
        if (stage == WriteStage.READ_BASE) {
            if (guarded != null && guarded.needsBase(to)) {
                return takeSlot()
                        ? startSlot(Submission.Op.READ, from, 0, data.byteSize())
                        : Step.WAIT;
            }
            prepare();
        }
        Step recording =
                stage == WriteStage.RECORD ? record(Objects.requireNonNull(guarded)) : Step.ISSUE;
        return stage == WriteStage.WRITE ? write() : recording;
    }

    /** Copies, makes tuples, and announces them. */
    private void prepare() throws IOException {
        if (!pinned) {
            copyIn();
        } else if (guarded != null) {
            guarded.generate(pinnedPart());
        }
        if (guarded == null) {
            stage = WriteStage.WRITE;
        } else {
            stage = WriteStage.RECORD;
            guarded.enter();
        }
    }

    /** Nothing goes out before its intent is on record, which this request may have to write. */
    private Step record(GuardedWrite guarded) throws IOException {
        return switch (guarded.next()) {
            case RECORDED -> {
                stage = WriteStage.WRITE;
                yield Step.ISSUE;
            }
            case WAIT -> Step.WAIT;
            case LEAD -> guarded.write(record);
        };
    }

    /** Opens the next part; false if there is no slot for it yet. */
    private boolean startPart() {
        boolean fitsSlot = !pinned || guarded != null; // a guarded part may have to be read back
        to = Math.min(sizeChange.limit(), from + (fitsSlot ? longestPart() : Long.MAX_VALUE - to));
        if (!pinned) {
            if (!takeSlot()) {
                to = from;
                return false;
            }
            units.clearPadding(data, from);
        }
        stage = pinned ? WriteStage.READ_BASE : WriteStage.READ_HEAD;
        if (guarded != null) {
            guarded.begin(from, to);
        }
        return true;
    }

    private boolean takeSlot() {
        long length = Alignment.up(to - from, unit);
        if (!hasSlot(length)) {
            return false;
        }
        MemorySegment slot = slot();
        data = slot.byteSize() == length ? slot : slot.asSlice(0, length);
        return true;
    }

    private Step readOld(long at, long room) {
        file().counters().blockReads.increment();
        return startSlot(Submission.Op.READ, at, room, unit);
    }

    private Step write() {
        (pinned ? file().counters().pinnedWrites : file().counters().bouncedWrites).increment();
        sizeChange.send(to);
        boolean last = isLastPart() && !forced && !isForcedByCut();
        Submission.Op op = last ? Submission.Op.WRITE_FORCE : Submission.Op.WRITE;
        return pinned
                ? start(op, from, from - units.position(), to - from)
                : startSlot(op, from, 0, to - from);
    }

    private boolean isLastPart() {
        return to >= sizeChange.limit();
    }

    private boolean isForcedByCut() {
        return holdsSizeLock() && sizeChange.endsInCut();
    }

    @Override
    public void detach() {
        boolean copied = isLastPart() && (stage == WriteStage.RECORD || stage == WriteStage.WRITE);
        if (!pinned && !copied) {
            buffers.detach();
        }
    }

    private void copyIn() throws IOException {
        long first = Math.max(from, units.position());
        long last = Math.min(to, units.end());
        long offset = first - units.position();
        buffers.copyTo(offset, data, first - from, last - first);
        if (guarded != null) {
            guarded.generate(List.of(data)); // of the copy: the caller may change the rest
        }
    }

    private List<MemorySegment> pinnedPart() {
        return buffers.slice(from - units.position(), to - from);
    }

    @Override
    protected void stageOut() throws IOException {
        switch (stage) {
            case CHECK_TAIL -> {
                acceptOld(slot().asSlice(0, unit));
                stage = WriteStage.READ_HEAD;
            }
            case READ_HEAD -> {
                acceptOld(data.asSlice(0, unit));
                stage = WriteStage.READ_TAIL;
            }
            case READ_TAIL -> {
                acceptOld(data.asSlice(data.byteSize() - unit));
                stage = WriteStage.READ_BASE;
            }
            case READ_BASE -> {
                acceptOld(data);
                Objects.requireNonNull(guarded).base(data);
                prepare();
            }
            case RECORD -> Objects.requireNonNull(guarded).written(record, unit);
            case WRITE -> acceptWritten();
            case FORCE -> acceptForced((int) span.failed());
            case READ_BACK -> {
                acceptReadBack(Objects.requireNonNull(guarded));
                from = to; // settled
                throw Objects.requireNonNull(failure);
            }
        }
    }

    private void acceptOld(MemorySegment old) throws IOException {
        if (span.failed() != 0) {
            throw Errors.of(call(), span.failed(), done);
        }
        padWithZeros(old, file().inode().size());
        List<BadInterval> bad =
                guarded == null ? List.of() : guarded.verifyOld(old, span.position());
        if (!bad.isEmpty()) {
            throw new ProtectionException(call(), bad, done);
        }
    }

    private void acceptWritten() throws IOException {
        countWritten();
        if (span.failed() != 0) {
            acceptFailure();
            return;
        }
        if (guarded != null) {
            guarded.store(span.moved());
            boolean check =
                    file().spec().protection().stabilityCheck() == StabilityCheck.AFTER_WRITE;
            if (pinned && check && !guarded.heldStill(pinnedPart(), span.moved())) {
                throw new UnstableBufferException(call(), from - units.position());
            }
            guarded.leave();
        }
        from = to;
        if (isLastPart()) {
            refusal.end();
            if (!forced && !isForcedByCut()) {
                acceptForced(forced());
            }
        }
    }

    private void acceptFailure() throws IOException {
        if (guarded != null) {
            failure = Errors.of(call(), span.failed(), done);
            stage = WriteStage.READ_BACK;
            return;
        }
        refusal.begin(pinned, span.failed());
        pinned = false;
        from += span.moved();
        to = from; // the next part starts with the first byte not known to be written
    }

    private void acceptForced(int failed) throws IOException {
        forced = failed == 0;
        if (forced && guarded != null) {
            file().forceTuples();
        }
        if (!forced && failed != -Errno.ECANCELED) {
            file().failForce();
            throw Errors.of(new Call("force", file().path()), failed, done);
        }
    }

    private void countWritten() {
        done = Math.max(done, Math.min(from + span.moved(), units.end()) - units.position());
    }

    private void acceptReadBack(GuardedWrite guarded) throws IOException {
        long size = sizeChange.sizeAfter(done); // what lies past it will be cut off, without tuples
        long left = Math.clamp(size - from, 0, to - from);
        if (span.failed() != 0) {
            guarded.damage(left);
        } else {
            padWithZeros(data, size);
            guarded.settle(data, left);
        }
    }

    /**
     * Whether nobody can say what became of the part under way: the caller's memory went away
     * between two submissions, or the engine or the queue came to an end.
     */
    private boolean isInDoubt() {
        return from < to
                && (stage == WriteStage.READ_BACK || (stage == WriteStage.WRITE && isUnderWay()));
    }

    /** Looks what is there now, in a call of its own: nothing else of the request goes on. */
    private void readBack(GuardedWrite guarded) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long length = Alignment.up(to - from, unit);
            data = arena.allocate(length, file().geometry().memoryAlignment());
            readNow(from, data);
            acceptReadBack(guarded);
        }
    }

    /** Cuts the padding off and publishes the new size. */
    @Override
    protected void settle() throws IOException {
        if (stage == WriteStage.WRITE && isUnderWay()) {
            countWritten(); // what earlier submissions of the part have moved
        }
        GuardedWrite guarded = this.guarded;
        try (record) {
            if (guarded != null && isInDoubt()) {
                readBack(guarded);
            }
        } finally {
            if (guarded != null) {
                guarded.leave();
            }
        }
        if (holdsSizeLock()) {
            boolean durable = file().spec().durability() == Durability.DSYNC || !forced;
            boolean byCut = !forced && sizeChange.endsInCut() && done == buffers.length();
            sizeChange.settle(this, done, durable);
            if (byCut && guarded != null) {
                file().forceTuples();
            }
        }
    }
}
