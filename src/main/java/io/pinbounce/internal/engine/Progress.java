package io.pinbounce.internal.engine;

import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;

/**
 * How far a run of bytes has got between memory and file, which may take several submissions. The
 * one place that decides whether a transfer that came out short, or was interrupted, is issued
 * again. Started anew for each run, without a new object; one thread at a time.
 */
public final class Progress {

    /** Consecutive submissions that may move nothing, before that counts as a failure. */
    public static final int MAX_RETRIES = 64;

    private Op op = Op.READ;

    private long length;

    private long known;

    private long unit = 1;

    private long from;

    private long moved;

    private long failed;

    private int retries;

    /** Makes progress that is to be started. */
    public Progress() {}

    /**
     * Starts over.
     *
     * @param op a read or a write
     * @param length bytes of the run
     * @param known bytes after which a read is complete, since the file is known to end there; the
     *     length if the end is not known
     * @param unit bytes that positions and lengths of submissions are multiples of
     */
    public void start(Op op, long length, long known, long unit) {
        this.op = op;
        this.length = length;
        this.known = known;
        this.unit = unit;
        from = 0;
        moved = 0;
        failed = 0;
        retries = 0;
    }

    /**
     * Where the next submission starts: as far as the last one got, in whole units.
     *
     * @return bytes from the start of the run
     */
    public long from() {
        return from;
    }

    /**
     * How much the next submission moves.
     *
     * @return bytes, no more than one system call takes
     */
    public long next() {
        return Math.min(length - from, Submission.MAX_LENGTH - Submission.MAX_LENGTH % unit);
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
        return op == Op.READ ? readOn(from + result) : writeOn(from + result);
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
        if (++retries > MAX_RETRIES) {
            failed = reason;
            return false;
        }
        return true;
    }

    /**
     * How much is moved so far.
     *
     * @return bytes from the start of the run on
     */
    public long moved() {
        return moved;
    }

    /**
     * Why the run ended early.
     *
     * @return 0, or the {@code -errno} that ended it
     */
    public long failed() {
        return failed;
    }
}
