package io.pinbounce.internal.request;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectIoException;
import io.pinbounce.ProtectionException;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.Guard;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.RangeTable;
import io.pinbounce.internal.file.Slices;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.SealRun;
import io.pinbounce.internal.sidecar.TupleStore.Missing;
import io.pinbounce.internal.sidecar.TupleStore.State;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * A read. The delivered bytes grow from {@code position} to {@code at}, one part after the other,
 * each pinned or bounced:
 *
 * <pre>
 *   position           at                pinnedEnd     end
 *      |== delivered ==|---- pinned -----|-- bounced --|
 *                      |- reread -|  ... a pinned part that failed or did not verify
 * </pre>
 */
public final class ReadRequest extends Request {

    /**
     * How many pages of tuples a part reads ahead at most: it needs one or two, and the cache may
     * lose a page again.
     */
    private static final int MAX_LOADS = 8;

    private long position;

    private long unit;

    private @Nullable Guard guard;

    /** The byte behind the last one wanted, or the end of the file if that comes first. */
    private long end;

    private boolean pins;

    private long at;

    /** Bytes below this position are pinned. */
    private long pinnedEnd;

    /** Bytes below this position are bounced all the same, since the pinned reading was bad. */
    private long rereadEnd;

    /**
     * What ends the request, once the bytes before the bad block are delivered; 0 for nothing. That
     * block lies before {@code failedEnd}, and the next part is as long as {@code narrowed}.
     */
    private long failure;

    private long failedEnd;

    private long narrowed;

    private boolean pinned;

    private long partEnd;

    /**
     * Tuples that are being read, and how often this part has read some: the cache may be too
     * small.
     */
    private @Nullable Missing missing;

    private int loads;

    public ReadRequest(Caller caller, Runnable waiter) {
        super(caller, waiter);
    }

    /** Starts anew; {@link #buffers} are set already. */
    public void set(OpenFile file, long position) {
        set(file, "read", position, buffers.length(), file.readUnit());
        this.position = position;
        unit = file.readUnit();
        guard = file.guard();
        end = position + buffers.length();
        at = position;
        rereadEnd = 0;
        failure = 0;
        missing = null;
        loads = 0;
        hold(); // bounced or not: the memory must be there when data arrives
    }

    /** Bytes delivered, from the position on. */
    @Override
    public long done() {
        return at - position;
    }

    @Override
    protected boolean admit() throws IOException {
        if (buffers.length() == 0) {
            return true;
        }
        if (!range.hasEntered()) {
            chooseTransfer();
            boolean asks = end > file().inode().size() && !file().device();
            if (guard != null || asks) {
                enter(asks ? RangeTable.Size.CHANGE : RangeTable.Size.READ);
            }
        }
        if (range.hasEntered() && !range.isGranted()) {
            return false;
        }
        if (range.holdsSizeLock()) {
            // Another process may have made the file longer.
            file().inode().publishSize(file().askSize(call()));
            if (guard == null) {
                range.leave();
            } else {
                range.leaveSizeLock();
            }
        }
        chooseEnd();
        return true;
    }

    /** One entry for size and range, so that no later request gets between the two. */
    private void enter(RangeTable.Size size) {
        long first = guard == null ? position : Alignment.down(position, unit);
        long last = guard == null ? position : Alignment.up(end, unit);
        range.enter(file(), first, last, RangeTable.Use.SHARED, size);
    }

    private void chooseTransfer() {
        if (buffers.isReadOnly()) {
            throw new IllegalArgumentException("a read needs memory it may write: " + call());
        }
        pins = pins(position, unit, true);
    }

    /** Decides where the file ends, once no other request can make it shorter. */
    private void chooseEnd() {
        if (isLazy() || !pins) {
            end = Math.max(position, Math.min(end, file().inode().size()));
        }
        // A pinned read would overwrite the rest of the block that holds the file's end.
        long last = isLazy() ? Math.max(position, Alignment.down(end, unit)) : end;
        pinnedEnd = pins ? last : position;
    }

    @Override
    protected Step stageIn() {
        if (at >= end) {
            return Step.DONE;
        }
        pinned = at < pinnedEnd && at >= rereadEnd;
        if (pinned) {
            // A guarded part fits a slot, so that it is verified while it is in the cache.
            long most = guard == null ? Long.MAX_VALUE - at : file().bounceLimit(unit);
            partEnd = Math.min(pinnedEnd, at + (failure == 0 ? most : narrowed));
            if (needsTuples()) {
                return loadTuples();
            }
            file().counters().pinnedReads.increment();
            return start(Submission.Op.READ, at, at - position, partEnd - at);
        }
        long from = Alignment.down(at, unit);
        long most = failure == 0 ? file().bounceLimit(unit) : narrowed;
        long to = Math.min(at < rereadEnd ? rereadEnd : end, from + most);
        long length = Alignment.up(to, unit) - from;
        partEnd = to;
        if (needsTuples()) {
            return loadTuples();
        }
        if (!hasSlot(length)) {
            return Step.WAIT;
        }
        file().counters().bouncedReads.increment();
        return startSlot(Submission.Op.READ, from, 0, length);
    }

    private boolean needsTuples() {
        Guard guard = this.guard;
        if (guard == null || loads >= MAX_LOADS) {
            return false;
        }
        long first = at / guard.interval();
        long last = (partEnd + guard.interval() - 1) / guard.interval();
        missing = guard.store().missing(first, (int) (last - first));
        return missing != null;
    }

    /** Reads tuples like data, so that other requests of the queue go on meanwhile. */
    private Step loadTuples() {
        Missing wanted = Objects.requireNonNull(missing);
        if (!hasSlot(wanted.length())) {
            return Step.WAIT;
        }
        loads++;
        span.use(wanted.file(), wanted.length());
        return startSlot(Submission.Op.READ, wanted.position(), 0, wanted.length());
    }

    private void acceptTuples(Missing wanted) {
        missing = null;
        span.use(file().handle(), unit);
        if (span.failed() == 0 && span.moved() == wanted.length()) {
            guard().store().install(wanted, Slices.of(slot(), 0, wanted.length()));
        } // else the verification reads them again, and throws what is wrong
    }

    private Guard guard() {
        return Objects.requireNonNull(guard);
    }

    @Override
    protected void stageOut() throws IOException {
        if (missing != null) {
            acceptTuples(missing);
            return;
        }
        if (span.failed() != 0) {
            if (pinned && isLazy() && mayBeTheBuffer(span.failed())) {
                readAgain();
                return;
            }
            failure = failure == 0 ? span.failed() : failure;
            failedEnd = Alignment.up(partEnd, unit);
            narrow(span.moved());
            return;
        }
        long arrived = span.position() + arrived(file().inode().size());
        List<BadInterval> bad =
                guard == null
                        ? List.of()
                        : pinned ? verifyPinned(guard, arrived) : verifySlot(guard, arrived);
        if (!bad.isEmpty()) {
            if (pinned && isLazy()) {
                readAgain();
                return;
            }
            if (failure != 0) {
                throw Errors.of(call(), failure, done()); // the first error is the request's
            }
            throw new ProtectionException(call(), bad, done());
        }
        long delivered = Math.max(at, Math.min(partEnd, arrived));
        if (!pinned && delivered > at) {
            long size = delivered - at;
            buffers.copyFrom(slot(), at - span.position(), at - position, size);
        }
        file().countBypassed(at, delivered);
        at = delivered;
        loads = 0;
        if (at < partEnd) {
            end = at; // the end of the file
        } else if (failure != 0) {
            narrow(0);
        }
    }

    /**
     * Chooses the next part that is read before the request fails: half of what has the bad block
     * in it, which the kernel does not name, or as much as it has read. A bounced read leaves the
     * caller's memory alone instead.
     */
    private void narrow(long moved) throws DirectIoException {
        long left = failedEnd - Alignment.down(at, unit);
        boolean ends = file().spec().transfer() == Transfer.BOUNCE || left <= unit;
        if (ends || (moved < unit && !isOfTheMedium(failure))) {
            throw Errors.of(call(), failure, done());
        }
        narrowed = Alignment.down(moved < unit ? left / 2 : Math.min(moved, left - unit), unit);
    }

    private static boolean isOfTheMedium(long failed) {
        return mayBeTheBuffer(failed) || failed == -Errno.ENODATA;
    }

    private boolean isLazy() {
        return file().spec().transfer() == Transfer.AUTO;
    }

    private static boolean mayBeTheBuffer(long failed) {
        return failed == -Errno.EIO || failed == -Errno.EILSEQ;
    }

    private void readAgain() {
        rereadEnd = partEnd;
        file().counters().lazyRereads.increment();
    }

    /** Verifies the intervals of the slot that are wanted, the last padded with zeros. */
    private List<BadInterval> verifySlot(Guard guard, long arrived) throws IOException {
        long first = Alignment.down(at, guard.interval());
        long last = Alignment.up(Math.min(partEnd, arrived), guard.interval());
        if (first >= last) {
            return List.of();
        }
        MemorySegment data = Slices.of(slot(), 0, last - span.position());
        padWithZeros(data, arrived);
        long skipped = first - span.position();
        return verify(guard, Slices.of(data, skipped, last - first), first);
    }

    /** Verifies the caller's memory in place, but for a part of an interval at the end. */
    private List<BadInterval> verifyPinned(Guard guard, long arrived) throws IOException {
        long checked = span.position();
        long tail = (arrived - checked) % guard.interval();
        List<BadInterval> bad = List.of();
        int parts = buffers.slice(checked - position, arrived - tail - checked);
        for (int i = 0; i < parts; i++) {
            MemorySegment part = buffers.nextPart();
            bad = Guard.join(bad, verify(guard, part, checked));
            checked += part.byteSize();
        }
        if (tail != 0) {
            MemorySegment padded = MemorySegment.ofArray(new byte[guard.interval()]);
            buffers.copyTo(checked - position, padded, 0, tail);
            bad = Guard.join(bad, verify(guard, padded, checked));
        }
        return bad;
    }

    private List<BadInterval> verify(Guard guard, MemorySegment data, long from)
            throws IOException {
        long first = from / guard.interval();
        SealRun known = guard.known(first, data.byteSize() / guard.interval());
        file().counters().unverifiedIntervals.add(known.count(State.UNPROTECTED));
        return guard.verify(data, first, known);
    }
}
