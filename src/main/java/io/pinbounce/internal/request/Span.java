package io.pinbounce.internal.request;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.Progress;
import io.pinbounce.internal.engine.Submission;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** A run of bytes between a request's memory and a file, which may take several submissions. */
final class Span {

    private final Progress progress = new Progress();

    private @Nullable FileHandle handle;

    private long unit = 1;

    private Submission.Op op = Submission.Op.READ;

    private @Nullable Buffers memory;

    /** Where the run starts in the memory, in bytes. */
    private long offset;

    private long position;

    /**
     * Chooses the file, once for each request.
     *
     * @param handle the open file
     * @param unit what positions and lengths of submissions are multiples of
     */
    void use(FileHandle handle, long unit) {
        this.handle = handle;
        this.unit = unit;
    }

    /**
     * Starts a new run.
     *
     * @param op a read or a write
     * @param position bytes from the start of the file
     * @param memory where the bytes go, or come from
     * @param offset bytes from the start of the memory
     * @param length bytes
     * @param end of the file, as far as the caller knows: a read that reaches it is complete
     */
    void start(
            Submission.Op op, long position, Buffers memory, long offset, long length, long end) {
        this.op = op;
        this.memory = memory;
        this.offset = offset;
        this.position = position;
        progress.start(op, length, Math.min(length, end - position), unit);
    }

    /** Describes the bytes that are left to move, as far as the submission has room. */
    void prep(Submission submission) {
        long from = progress.from();
        submission.prep(op, Objects.requireNonNull(handle), position + from);
        Objects.requireNonNull(memory).addTo(submission, offset + from, progress.next());
    }

    /** As {@link Progress#again}. */
    boolean again(long result) {
        return progress.again(result);
    }

    long position() {
        return position;
    }

    /** As {@link Progress#moved}. */
    long moved() {
        return progress.moved();
    }

    /** As {@link Progress#failed}. */
    long failed() {
        return progress.failed();
    }
}
