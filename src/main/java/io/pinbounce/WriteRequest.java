package io.pinbounce;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.engine.Submission;
import io.pinbounce.linux.Errno;
import io.pinbounce.seal.TupleStore.State;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A write. The file takes whole units; a unit that the request covers only in part is read first,
 * and the bytes around the request's own are written back as they were:
 *
 * <pre>
 *   start      position                                     end         limit
 *     |-- head --|================ the request ==============|-- tail --|
 *     |  unit  |  unit  |  ...                         |  unit  |
 * </pre>
 *
 * <p>Where that ends past the end of the file, zeros fill the last unit, and the file is cut back
 * to its right size under the size lock.
 */
final class WriteRequest extends Request {

    /** What the span under way is for. */
    private enum Stage {
        /** Look at the old tail before anything is written: it may turn out damaged. */
        CHECK_TAIL,
        READ_HEAD,
        READ_TAIL,
        WRITE,
        /** A guarded write has failed: see what is there now. */
        READ_BACK
    }

    private final Buffers buffers;

    private final long position;

    private final long end;

    private final long unit;

    private final @Nullable Guard guard;

    private boolean pinned;

    private long start;

    private long limit;

    private Stage stage = Stage.READ_HEAD;

    /** The part under way: what of the file it covers. */
    private long from;

    private long to;

    private MemorySegment data = MemorySegment.NULL;

    private MemorySegment tuples = MemorySegment.NULL;

    private long done;

    /** The byte behind the last one that was sent to the file, padding included. */
    private long highest;

    private @Nullable DirectIoException failure;

    WriteRequest(OpenFile file, Call call, Buffers buffers) {
        super(file, call, file.writeUnit());
        this.buffers = buffers;
        this.position = call.position();
        this.end = position + buffers.length();
        this.unit = file.writeUnit();
        this.guard = file.guard();
    }

    /** Bytes of the request that are known to be written, from the position on. */
    @Override
    long done() {
        return done;
    }

    @Override
    protected long knownEnd() {
        return Math.max(super.knownEnd(), highest);
    }

    @Override
    void admit() throws IOException {
        pinned = chooseTransfer();
        start = Alignment.down(position, unit);
        limit = Alignment.up(end, unit);
        if (file.device()) {
            refuseBeyondDevice();
            limit = Math.min(limit, file.inode().size());
        }
        boolean alone = guard != null || start != position || limit != end;
        RangeTable.Use use = alone ? RangeTable.Use.EXCLUSIVE : RangeTable.Use.SHARED;
        boolean grows = grows();
        enter(start, limit, use, grows ? RangeTable.Size.CHANGE : RangeTable.Size.READ);
        while (!grows && grows()) {
            // Somebody truncated the file while this request waited: now it needs the size lock.
            leave();
            grows = true;
            enter(start, limit, use, RangeTable.Size.CHANGE);
        }
        from = start;
        to = start;
        if (grows) {
            file.inode().publishSize(file.askSize(call));
        }
        if (checksTailFirst()) {
            stage = Stage.CHECK_TAIL;
        }
    }

    private boolean grows() {
        return !file.device() && limit > file.inode().size();
    }

    private boolean chooseTransfer() {
        String obstacle =
                position % unit != 0
                        ? Buffers.misaligned("position", position, unit)
                        : buffers.whyNotPinnable(file.geometry().memoryAlignment(), unit);
        return switch (file.options().transfer()) {
            case PIN -> {
                if (!obstacle.isEmpty()) {
                    throw new IllegalArgumentException(obstacle + " " + call);
                }
                yield true;
            }
            case BOUNCE -> false;
            case AUTO ->
                    obstacle.isEmpty()
                            && guard == null
                            && !file.geometry().stablePages().needed();
        };
    }

    private void refuseBeyondDevice() throws DirectIoException {
        long size = file.inode().size();
        if (end > size) {
            throw new DirectIoException(
                    "the write ends past the end of the device, size=" + size,
                    call,
                    Errno.ENOSPC,
                    0);
        }
    }

    @Override
    protected void stageIn() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (stage == Stage.CHECK_TAIL) {
            readUnit(limitOfUnits() - unit);
            return;
        }
        if (from == to && !startPart()) {
            return;
        }
        if (stage == Stage.READ_HEAD) {
            if (keepsOld(from)) {
                readUnit(from);
                return;
            }
            stage = Stage.READ_TAIL;
        }
        if (stage == Stage.READ_TAIL) {
            long tail = from + data.byteSize() - unit;
            if (tail != from && keepsOld(tail)) {
                readUnit(tail);
                return;
            }
            stage = Stage.WRITE;
        }
        write();
    }

    /** Opens the next part; false when there is none. */
    private boolean startPart() {
        if (to >= limit) {
            return false;
        }
        boolean fitsSlot = !pinned || guard != null; // a guarded part may have to be read back
        long most = fitsSlot ? file.bounceLimit(unit) : Long.MAX_VALUE - to;
        from = to;
        to = Math.min(limit, from + most);
        if (pinned) {
            stage = Stage.WRITE;
        } else {
            long length = Alignment.up(to - from, unit);
            data = slot(length).asSlice(0, length);
            stage = Stage.READ_HEAD;
            clearPadding();
        }
        return true;
    }

    /** Zeros what neither the caller nor the file fills: no stale memory ever reaches the disk. */
    private void clearPadding() {
        if (from < position) {
            data.asSlice(0, unit).fill((byte) 0);
        }
        if (from + data.byteSize() > end) {
            data.asSlice(data.byteSize() - unit).fill((byte) 0);
        }
    }

    /** Whether a unit holds bytes of the file that the request leaves as they are. */
    private boolean keepsOld(long at) {
        long old = Math.min(at + unit, file.inode().size());
        return (at < position && at < old) || (end < old && end > at);
    }

    private long limitOfUnits() {
        return Alignment.up(limit, unit);
    }

    /** With more than one part, the tail's old data is judged before the first part is written. */
    private boolean checksTailFirst() {
        return guard != null
                && !pinned
                && limitOfUnits() - start > file.bounceLimit(unit)
                && keepsOld(limitOfUnits() - unit);
    }

    private void readUnit(long at) {
        MemorySegment room =
                stage == Stage.CHECK_TAIL
                        ? slot(unit).asSlice(0, unit)
                        : data.asSlice(at - from, unit);
        start(Submission.Op.READ, at, room);
        file.counters().blockReads.increment();
    }

    private void write() {
        long length = to - from;
        List<MemorySegment> memory;
        if (pinned) {
            memory = buffers.slice(from - position, length);
            file.counters().pinnedWrites.increment();
        } else {
            long first = Math.max(from, position);
            long last = Math.min(to, end);
            buffers.copyTo(first - position, data.asSlice(first - from, last - first));
            memory = List.of(data.asSlice(0, length));
            file.counters().bouncedWrites.increment();
        }
        if (guard != null) {
            tuples = generate(guard);
        }
        highest = to;
        start(Submission.Op.WRITE, from, memory, length);
    }

    /** The tuples of the part: of the slot, or of the caller's memory when that is what is sent. */
    private MemorySegment generate(Guard guard) {
        if (!pinned) {
            return guard.generate(data, from / guard.interval());
        }
        MemorySegment all = guard.tuples((to - from) / guard.interval());
        long at = from;
        for (MemorySegment part : buffers.slice(from - position, to - from)) {
            long count = part.byteSize() / guard.interval();
            MemorySegment own = guard.generate(part, at / guard.interval());
            guard.tuplesOf(all, (at - from) / guard.interval(), count).copyFrom(own);
            at += part.byteSize();
        }
        return all;
    }

    @Override
    protected void stageOut() throws IOException {
        switch (stage) {
            case CHECK_TAIL, READ_HEAD, READ_TAIL -> acceptOld();
            case WRITE -> acceptWritten();
            case READ_BACK -> acceptReadBack(Objects.requireNonNull(guard));
        }
    }

    private void acceptOld() throws IOException {
        if (span.failed() != 0) {
            throw DirectIoException.of(call, span.failed(), done);
        }
        MemorySegment old =
                stage == Stage.CHECK_TAIL
                        ? slot(unit).asSlice(0, unit)
                        : data.asSlice(span.position() - from, unit);
        long valid = Math.min(span.moved(), oldBytes(span.position()));
        old.asSlice(valid).fill((byte) 0);
        if (guard != null) {
            verifyOld(guard, old);
        }
        stage = stage == Stage.READ_HEAD ? Stage.READ_TAIL
                : stage == Stage.READ_TAIL ? Stage.WRITE : Stage.READ_HEAD;
    }

    private long oldBytes(long at) {
        return Math.max(0, file.inode().size() - at);
    }

    /** Damage never gets a valid tuple by accident: what is kept of an interval must be good. */
    private void verifyOld(Guard guard, MemorySegment old) throws IOException {
        List<BadInterval> bad = new ArrayList<>();
        for (long at = 0; at < unit; at += guard.interval()) {
            long begin = span.position() + at;
            if (isWritten(guard, begin) && keepsOldOf(guard, begin)) {
                bad.addAll(
                        guard.verify(
                                old.asSlice(at, guard.interval()), begin / guard.interval()));
            }
        }
        if (!bad.isEmpty()) {
            throw new ProtectionException(call, bad, done);
        }
    }

    private boolean isWritten(Guard guard, long begin) {
        return begin < end && begin + guard.interval() > position;
    }

    private boolean keepsOldOf(Guard guard, long begin) {
        long old = Math.min(begin + guard.interval(), file.inode().size());
        return (begin < position && begin < old) || end < old;
    }

    private void acceptWritten() throws IOException {
        countWritten();
        if (span.failed() != 0) {
            failure = DirectIoException.of(call, span.failed(), done);
            if (guard != null) {
                startReadBack();
            }
            return;
        }
        if (guard != null) {
            record(guard);
        }
        from = to;
    }

    private void countWritten() {
        done = Math.max(done, Math.min(from + span.moved(), end) - position);
    }

    /** Stores the tuples of what is written now. */
    private void record(Guard guard) throws IOException {
        long first = from / guard.interval();
        long count = storeTuples(guard);
        boolean check = file.options().protection().stabilityCheck() == StabilityCheck.AFTER_WRITE;
        if (pinned && check && generate(guard).mismatch(tuples) >= 0) {
            guard.store().damage(first, count);
            throw new UnstableBufferException(call, from - position);
        }
    }

    /** Stores the tuples of what has moved, and says how many intervals that is. */
    private long storeTuples(Guard guard) {
        long first = from / guard.interval();
        long count = Alignment.up(span.moved(), guard.interval()) / guard.interval();
        for (long i = 0; i < count; i++) {
            if (becomesProtected(guard, first + i)) {
                guard.store().store(first + i, 1, guard.tuplesOf(tuples, i, 1));
            }
        }
        return count;
    }

    /** An interval written in part stays unprotected if it was: nobody vouches for the rest. */
    private boolean becomesProtected(Guard guard, long interval) {
        long begin = interval * guard.interval();
        return isWritten(guard, begin)
                && (!keepsOldOf(guard, begin)
                        || guard.store().state(interval) != State.UNPROTECTED);
    }

    private void startReadBack() {
        stage = Stage.READ_BACK;
        long length = Alignment.up(to - from, unit);
        data = slot(length).asSlice(0, length);
        start(Submission.Op.READ, from, data);
        file.counters().settledWrites.increment();
    }

    private void acceptReadBack(Guard guard) {
        int interval = guard.interval();
        // What lies past the size that is left will be cut off: it reads as zeros, and needs no
        // tuples.
        long left = Math.clamp(sizeAfter() - from, 0, to - from);
        data.asSlice(span.failed() == 0 ? Math.min(span.moved(), left) : 0).fill((byte) 0);
        for (long at = 0; at < left; at += interval) {
            long number = (from + at) / interval;
            if (span.failed() != 0) {
                guard.store().damage(number, 1);
            } else if (becomesProtected(guard, number)) {
                guard.settle(
                        data.asSlice(at, interval),
                        number,
                        guard.tuplesOf(tuples, at / interval, 1));
            }
        }
    }

    /** The size of the file once everything that was not asked for is cut off. */
    private long sizeAfter() {
        long before = file.inode().size();
        return done > 0 ? Math.max(before, position + done) : before;
    }

    /** Cuts the padding off and publishes the new size. */
    @Override
    protected void settle() throws IOException {
        if (stage == Stage.WRITE && isUnderWay()) {
            // The caller's memory went away between two submissions of a part: what the first one
            // moved is written, and nobody can look any more whether the memory held still.
            countWritten();
            if (guard != null) {
                storeTuples(guard);
            }
        }
        if (!holdsSizeLock()) {
            return;
        }
        long right = sizeAfter();
        if (highest > right && file.askSize(call) > right) {
            cut(right);
        }
        file.inode().publishSize(right);
    }

    private void cut(long size) throws DirectIoException {
        int failed = file.engine().truncate(file.handle(), size);
        if (failed == 0 && file.options().durability() == Durability.DSYNC) {
            failed = file.force();
        }
        if (failed < 0) {
            throw DirectIoException.of(
                    new Call("truncate", file.path(), position, buffers.length()), failed, done);
        }
    }
}
