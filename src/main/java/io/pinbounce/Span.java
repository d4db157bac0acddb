package io.pinbounce;

import io.pinbounce.engine.Submission;
import io.pinbounce.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A run of bytes between memory and file, which may take several submissions. The one place where a
 * transfer that came out short, or was interrupted, is issued again.
 */
final class Span {

    /** Consecutive submissions that may move nothing, before that counts as a failure. */
    static final int MOST_RETRIES = 64;

    private final int handle;

    private final long unit;

    private Submission.Op op = Submission.Op.READ;

    private List<MemorySegment> memory = List.of();

    private long position;

    private long length;

    private long moved;

    private long failed;

    private int retries;

    /**
     * A span, to be started.
     *
     * @param handle the engine's handle of the file
     * @param unit what positions and lengths are multiples of: a count that is not ends a read
     */
    Span(int handle, long unit) {
        this.handle = handle;
        this.unit = unit;
    }

    void start(Submission.Op op, long position, List<MemorySegment> memory, long length) {
        this.op = op;
        this.memory = memory;
        this.position = position;
        this.length = length;
        moved = 0;
        failed = 0;
        retries = 0;
    }

    /** Describes what is left to move, as far as one submission goes. */
    void prep(Submission submission) {
        submission.prep(op, handle, position + moved);
        long longest = Submission.LONGEST - Submission.LONGEST % unit;
        long skip = moved;
        for (MemorySegment segment : memory) {
            long size = segment.byteSize();
            if (skip >= size) {
                skip -= size;
                continue;
            }
            long room = Math.min(size - skip, longest - submission.length());
            submission.add(room == size ? segment : segment.asSlice(skip, room));
            skip = 0;
            if (submission.isFull() || submission.length() == longest) {
                return;
            }
        }
    }

    /**
     * Takes an engine's answer.
     *
     * @param result bytes moved, or {@code -errno}
     * @return whether the rest must be issued
     */
    boolean again(long result) {
        if (result == -Errno.EINTR || result == -Errno.EAGAIN) {
            return retry(result);
        }
        if (result < 0) {
            failed = result;
            return false;
        }
        long before = moved;
        moved += result;
        if (moved == length) {
            return false;
        }
        if (op == Submission.Op.READ) {
            retries = 0;
            // The device moves whole units: less than that, or nothing, is the end of the file.
            return result != 0 && result % unit == 0;
        }
        moved -= moved % unit; // what is left must start where the device can write
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

    Submission.Op op() {
        return op;
    }

    long position() {
        return position;
    }

    /** Bytes moved so far, from the start of the span on. */
    long moved() {
        return moved;
    }

    /** 0, or the {@code -errno} that ended the span. */
    long failed() {
        return failed;
    }
}
