package io.pinbounce.internal.request;

import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.Slices;
import io.pinbounce.internal.sidecar.SealException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A request on its way through the pipeline. Its driver, blocking or queued, does this:
 *
 * <pre>{@code
 * try (request) {                                  // at the end: gives everything back
 *     while (true) {
 *         switch (request.next(submission)) {      // admit, stage-in
 *             case WAIT -> ...                     // until the waiter is told, or longer
 *             case ISSUE ->
 *                 request.accept(engine.transfer(submission), 0); // issue, stage-out
 *             case DONE -> return;
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>One thread at a time drives it. The request blocks only in the few calls that change a file's
 * size. The same object is set anew for the next request.
 */
public abstract sealed class Request implements AutoCloseable
        permits ReadRequest,
                WriteRequest,
                SealRequest,
                TruncateRequest,
                AllocateRequest,
                ForceRequest {

    /** What its driver does next. */
    public enum Step {
        /** Executes the submission, and passes its result to {@link #accept}. */
        ISSUE,
        /**
         * Calls {@link #next} again once the request's waiter was told; calling earlier does no
         * harm.
         */
        WAIT,
        /** Closes the request. */
        DONE
    }

    /** How long the caller's memory is valid without being held. */
    public enum Caller {
        /**
         * The caller stays in its call until the request is done; the engine's call holds the
         * memory.
         */
        STAYS,
        /** The caller goes on: the request itself must hold pinned memory. */
        GOES_ON
    }

    /** The caller's memory. */
    protected final Buffers buffers = new Buffers();

    /** The part that is under way. */
    protected final Span span = new Span();

    /** The range of the file that the request holds. */
    protected final RequestRange range;

    private final Caller caller;

    private final RequestSlot slot;

    private @Nullable OpenFile file;

    private String op = "";

    private long position;

    private long length;

    private boolean admitted;

    private boolean spanIsOpen;

    /** Where the file ended when the span was opened, as far as this request knew. */
    private long endBefore;

    private boolean applied;

    private boolean bounced;

    private int forced;

    /**
     * A request, to be set.
     *
     * @param caller what its caller does meanwhile
     * @param waiter is told, by any thread, when the request may be able to go on
     */
    public Request(Caller caller, Runnable waiter) {
        this.caller = caller;
        range = new RequestRange(waiter);
        slot = new RequestSlot(waiter);
    }

    /** Starts anew; {@link #buffers} are set already. */
    protected final void set(OpenFile file, String op, long position, long length, long unit) {
        this.file = file;
        this.op = op;
        this.position = position;
        this.length = length;
        admitted = false;
        spanIsOpen = false;
        applied = false;
        bounced = false;
        span.use(file.handle(), unit);
    }

    /**
     * Refuses a wrong request, and takes its range; nothing has reached the kernel before.
     *
     * @return false if other requests have the range: it must be called again later
     */
    protected abstract boolean admit() throws IOException;

    /**
     * Starts the next span with {@link #start} or {@link #startSlot}.
     *
     * @return {@link Step#WAIT} if there is no slot for it yet
     */
    protected abstract Step stageIn() throws IOException;

    /** Looks at a span that has ended, well or not. */
    protected abstract void stageOut() throws IOException;

    /** Bytes that are known to be written or delivered. */
    public abstract long done();

    /** Changes the file itself, once all data has moved. */
    protected void apply() throws IOException {}

    /** Does what must happen while the range is still held; runs also after a failure. */
    protected void settle() throws IOException {}

    /**
     * Makes the request independent of the caller's memory, which may change once the call that
     * began the request returns: bytes that will be bounced and are not copied yet are copied now.
     */
    public void detach() {}

    /** Whether any data of the request went through the pool. */
    public final boolean hasBounced() {
        return bounced;
    }

    /** The result of the force behind the last write: 0, or {@code -errno}. */
    protected final int forced() {
        return forced;
    }

    /** The result of a write and of the force behind it: 0, or {@code -errno}. */
    protected final long failedDurably() {
        return span.failed() != 0 ? span.failed() : forced;
    }

    public final OpenFile file() {
        return Objects.requireNonNull(file, "the request is not set");
    }

    /** The request in words, for errors. */
    public final Call call() {
        return new Call(op, file().path(), position, length);
    }

    /** Whether a span has started that has not ended; if the engine threw, the span never ends. */
    protected final boolean isUnderWay() {
        return spanIsOpen;
    }

    /** The caller's memory, to be chosen before the request is set. */
    public final Buffers buffers() {
        return buffers;
    }

    /** Moves the request on as far as possible without waiting. */
    public final Step next(Submission submission) throws IOException {
        try {
            return goOn(submission);
        } catch (SealException e) {
            throw Errors.of(e, call(), done());
        }
    }

    private Step goOn(Submission submission) throws IOException {
        if (!admitted) {
            if (!admit()) {
                return Step.WAIT;
            }
            admitted = true;
        }
        if (!spanIsOpen) {
            Step step = stageIn();
            if (step == Step.DONE && !applied) {
                applied = true;
                apply();
            }
            if (step != Step.ISSUE) {
                return step;
            }
        }
        span.prep(submission);
        return Step.ISSUE;
    }

    /**
     * Takes the engine's answer to the last submission.
     *
     * @param result bytes moved, or {@code -errno}
     * @param forced the result of the force behind a write: 0, or {@code -errno}
     */
    public final void accept(long result, int forced) throws IOException {
        this.forced = forced;
        if (!span.again(result)) {
            spanIsOpen = false;
            try {
                stageOut();
            } catch (SealException e) {
                throw Errors.of(e, call(), done());
            }
        }
    }

    /** Makes an exception of the error that the JVM throws for a mapped page that is gone. */
    public final IOException unreadable(InternalError e) {
        if (!buffers.isMapped()) {
            throw e;
        }
        DirectIoException failure =
                new DirectIoException(
                        "the buffer maps a file that was truncated or cannot be read",
                        call(),
                        0,
                        done());
        failure.initCause(e);
        return failure;
    }

    /** Completes: gives everything back. A failure here does not hide an earlier error. */
    @Override
    public final void close() throws IOException {
        boolean settles = admitted;
        admitted = false;
        try {
            if (settles) {
                settle();
            }
        } catch (SealException e) {
            throw Errors.of(e, call(), done());
        } finally {
            slot.release();
            range.leave();
            buffers.clear();
        }
    }

    /** Where the file ends, as far as this request knows. */
    protected long knownEnd() {
        return file().inode().size();
    }

    /** Opens a span between the file and the caller's memory. */
    protected final Step start(Submission.Op op, long position, long offset, long size) {
        return start(op, position, buffers, offset, size);
    }

    /** Opens a span between the file and the slot. */
    protected final Step startSlot(Submission.Op op, long position, long offset, long size) {
        return start(op, position, slot.buffers(), offset, size);
    }

    /** Opens a span between the file and other memory, all of it. */
    protected final Step start(Submission.Op op, long position, Buffers memory) {
        return start(op, position, memory, 0, memory.length());
    }

    private Step start(Submission.Op op, long position, Buffers memory, long offset, long size) {
        endBefore = knownEnd();
        span.start(op, position, memory, offset, size, endBefore);
        spanIsOpen = true;
        return Step.ISSUE;
    }

    /** Reads in a call of its own, without the request's driver; the span has the result. */
    protected final void readNow(long position, MemorySegment into) {
        slot.buffers().set(into);
        endBefore = knownEnd();
        span.start(Submission.Op.READ, position, slot.buffers(), 0, into.byteSize(), endBefore);
        moveNow();
    }

    /** Brings the span to its end in calls of its own. */
    protected final void moveNow() {
        forced = 0;
        Submission submission = new Submission();
        do {
            span.prep(submission);
        } while (span.again(file().engine().transfer(submission)));
    }

    /**
     * Whether the kernel uses the caller's memory itself. If that memory must be held, it is held
     * from here on.
     *
     * @param position bytes from the start of the file
     * @param unit what the position and lengths are multiples of
     * @param useful whether {@link Transfer#AUTO} pins if it can
     * @throws IllegalArgumentException if {@link Transfer#PIN} cannot
     */
    protected final boolean pins(long position, long unit, boolean useful) {
        Transfer transfer = file().spec().transfer();
        if (transfer == Transfer.BOUNCE || (transfer == Transfer.AUTO && !useful)) {
            return false;
        }
        String obstacle =
                position % unit == 0
                        ? whyNotPinnable(unit)
                        : Buffers.misaligned("position", position, unit);
        if (transfer == Transfer.PIN && !obstacle.isEmpty()) {
            throw new IllegalArgumentException(obstacle + " " + call());
        }
        return obstacle.isEmpty();
    }

    private String whyNotPinnable(long unit) {
        String obstacle = buffers.whyNotPinnable(file().geometry().memoryAlignment(), unit);
        if (obstacle.isEmpty() && !hold()) {
            return "a request that its caller does not wait for pins memory of a PinnedArena only;"
                    + " use that, or Transfer.BOUNCE";
        }
        return obstacle;
    }

    /**
     * Makes sure that the caller's memory stays valid until the request is done.
     *
     * @return false if some of it is foreign, and the caller does not wait
     */
    protected final boolean hold() {
        return caller == Caller.STAYS || buffers.hold();
    }

    /**
     * How many of the bytes that were read count. Bytes past the size do not count: they belong to
     * a write that is not complete. Bytes past the size that was known before the reading do not
     * count either: other writes may have completed since, but the bytes that were read may be the
     * zeros of a write that had not.
     */
    protected final long arrived(long size) {
        return Math.clamp(Math.min(size, endBefore) - span.position(), 0, span.moved());
    }

    /** Zeros the bytes that were read and do not count. */
    protected final void padWithZeros(MemorySegment data, long size) {
        Slices.zeroFrom(data, arrived(size));
    }

    /**
     * Whether the request has its slot, with at least that much room; else asks the pool for it.
     */
    protected final boolean hasSlot(long needed) {
        // A slot is aligned to its size.
        long bytes = Math.max(needed, file().geometry().memoryAlignment());
        boolean has = slot.take(file().spec().pool(), bytes);
        bounced |= has;
        return has;
    }

    /** The slot's memory: as much as was asked for, or more. */
    protected final MemorySegment slot() {
        return slot.memory();
    }
}
