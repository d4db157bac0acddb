package io.pinbounce.internal.request;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * A run of bytes between memory and file, which may take several submissions. The one place where a
 * transfer that came out short, or was interrupted, is issued again.
 */
public final class Span {

    /** Consecutive submissions that may move nothing, before that counts as a failure. */
    static final int MOST_RETRIES = 64;

    private @Nullable FileHandle handle;

    private long unit = 1;

    private Submission.Op op = Submission.Op.READ;

    private @Nullable Buffers memory;

    /** Where in the memory. */
    private long offset;

    private long position;

    private long length;

    /** Where the next submission starts: as far as the last one got, in whole units. */
    private long from;

    private long moved;

    /** A read that got this far need not be told that nothing more comes. */
    private long known;

    private long failed;

    private int retries;

    /**
     * Names the file, once a request.
     *
     * @param handle the open file
     * @param unit what positions and lengths of submissions are multiples of
     */
    public void use(FileHandle handle, long unit) {
        this.handle = handle;
        this.unit = unit;
    }

    /**
     * Starts over.
     *
     * @param op which way
     * @param position bytes from the start of the file
     * @param memory where the bytes go, or come from
     * @param offset bytes from the start of the memory
     * @param length bytes
     * @param end of the file, as far as anybody knows
     */
    public void start(
            Submission.Op op, long position, Buffers memory, long offset, long length, long end) {
        this.op = op;
        this.memory = memory;
        this.offset = offset;
        this.position = position;
        this.length = length;
        known = Math.min(length, end - position);
        from = 0;
        moved = 0;
        failed = 0;
        retries = 0;
    }

    /** Describes what is left to move, as far as one submission goes. */
    public void prep(Submission submission) {
        long longest = Submission.LONGEST - Submission.LONGEST % unit;
        submission.prep(op, Objects.requireNonNull(handle), position + from);
        Objects.requireNonNull(memory)
                .addTo(submission, offset + from, Math.min(length - from, longest));
    }

    /**
     * Takes an engine's answer.
     *
     * @param result bytes moved, or {@code -errno}
     * @return whether the rest must be issued
     */
    public boolean again(long result) {
        if (result == -Errno.EINTR || result == -Errno.EAGAIN) {
            return retry(result);
        }
        if (result < 0) {
            failed = result;
            return false;
        }
        return op == Submission.Op.READ ? readOn(from + result) : writeOn(from + result);
    }

    /**
     * A read may stop inside a unit at the end of the file, or for no good reason: it is the end if
     * another reading from the start of the unit gets no further.
     */
    private boolean readOn(long reached) {
        if (reached <= moved) {
            return false;
        }
        retries = 0;
        moved = reached;
        from = moved - moved % unit;
        return moved < length && moved < known;
    }

    private boolean writeOn(long reached) {
        long before = moved;
        moved = reached;
        if (moved == length) {
            return false;
        }
        moved -= moved % unit; // what is left must start where the device can write
        from = moved;
        if (moved == before) {
            return retry(-Errno.EIO);
        }
        retries = 0;
        return true;
    }

    private boolean retry(long reason) {
        if (++retries > MOST_RETRIES) {
            failed = reason;
            return false;
        }
        return true;
    }

    public long position() {
        return position;
    }

    /** Bytes moved so far, from the start of the span on. */
    public long moved() {
        return moved;
    }

    /** 0, or the {@code -errno} that ended the span. */
    public long failed() {
        return failed;
    }
}
