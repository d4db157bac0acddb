package io.pinbounce;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.buffer.BouncePool.Slot;
import io.pinbounce.engine.Submission;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A request on its way through the pipeline. Whoever drives it, blocking or queued, does this:
 *
 * <pre>{@code
 * try (request) {                             // in the end: give everything back
 *     request.admit();                        // refuse what is wrong, take the range
 *     while (request.next(submission)) {      // stage-in
 *         long result = engine.transfer(...); // issue
 *         request.accept(result);             // stage-out
 *     }
 *     request.apply();
 * }
 * }</pre>
 *
 * <p>One thread at a time drives it.
 */
abstract sealed class Request implements AutoCloseable
        permits ReadRequest, WriteRequest, TruncateRequest {

    protected final OpenFile file;

    protected final Call call;

    /** The part that is under way. */
    protected final Span span;

    private boolean spanIsOpen;

    private RangeTable.@Nullable Entry entry;

    private @Nullable Slot slot;

    Request(OpenFile file, Call call, long unit) {
        this.file = file;
        this.call = call;
        this.span = new Span(file.handle(), unit);
    }

    /** Takes the request's range, waiting for others; nothing has reached the kernel before. */
    abstract void admit() throws IOException;

    /** Starts the next span with {@link #start}, or does nothing when the request is complete. */
    protected abstract void stageIn() throws IOException;

    /** Looks at a span that has ended, well or not. */
    protected abstract void stageOut() throws IOException;

    /** Bytes that are known to be written or delivered. */
    abstract long done();

    /** What the file itself is told once all data has moved. */
    void apply() throws IOException {}

    /** What must happen while the range is still held; runs also after a failure. */
    protected void settle() throws IOException {}

    /** Whether a span has started that has not ended: if it never does, its engine threw. */
    protected final boolean isUnderWay() {
        return spanIsOpen;
    }

    /** Describes what to issue next; false when the request is complete. */
    final boolean next(Submission submission) throws IOException {
        if (!spanIsOpen) {
            stageIn();
        }
        if (spanIsOpen) {
            span.prep(submission);
        }
        return spanIsOpen;
    }

    /** Takes the engine's answer to the last submission. */
    final void accept(long result) throws IOException {
        if (!span.again(result)) {
            spanIsOpen = false;
            stageOut();
        }
    }

    /** Completes: gives everything back. What goes wrong here does not hide an earlier error. */
    @Override
    public final void close() throws IOException {
        try {
            settle();
        } finally {
            if (slot != null) {
                slot.close();
            }
            leave();
        }
    }

    /** Where the file ends, as far as this request knows. */
    protected long knownEnd() {
        return file.inode().size();
    }

    protected final void start(
            Submission.Op op, long position, List<MemorySegment> memory, long length) {
        span.start(op, position, memory, length, knownEnd());
        spanIsOpen = true;
    }

    protected final void start(Submission.Op op, long position, MemorySegment memory) {
        start(op, position, List.of(memory), memory.byteSize());
    }

    protected final void enter(long start, long end, RangeTable.Use use, RangeTable.Size size) {
        entry = file.inode().ranges().enter(start, end, use, size);
    }

    protected final void leave() {
        if (entry != null) {
            file.inode().ranges().exit(entry);
            entry = null;
        }
    }

    protected final boolean holdsSizeLock() {
        return entry != null && entry.changesSize();
    }

    /**
     * How much of what was read counts: what lies past the size belongs to a write that is not
     * complete.
     */
    protected final long arrived(long size) {
        return Math.clamp(size - span.position(), 0, span.moved());
    }

    /** Zeros what was read from there on that does not count. */
    protected final void padWithZeros(MemorySegment data, long size) {
        data.asSlice(Math.min(arrived(size), data.byteSize())).fill((byte) 0);
    }

    /** The request's one slot, taken when it is first needed. */
    protected final MemorySegment slot(long needed) {
        long bytes = Math.max(needed, file.geometry().memoryAlignment()); // it starts at its size
        if (slot != null && slot.memory().byteSize() < bytes) {
            slot.close(); // before another is taken: a request never holds two
            slot = null;
        }
        if (slot == null) {
            slot = file.pool().acquire(bytes);
        }
        return slot.memory();
    }
}
