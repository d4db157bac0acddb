package io.pinbounce.internal.engine;

import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.PinnedPages;

/** A slot of a ring that calls an engine: the transfer that was prepared in it, and its result. */
final class RingSlot {

    private final Submission submission = new Submission();

    private long result;

    private int forced;

    /** Copies a description, so that any thread can execute it. */
    void prep(Submission described) {
        submission.prep(described.op(), described.file(), described.position());
        for (int i = 0; i < described.count(); i++) {
            submission.add(PinnedPages.forAnyThread(described.piece(i)));
        }
    }

    Submission submission() {
        return submission;
    }

    /** Moves the data, and keeps the result. */
    void execute(IoEngine engine) {
        result = engine.transfer(submission);
        forced = submission.op() == Op.WRITE_FORCE ? force(engine) : 0;
    }

    /** Forcing after a short write would make half a request durable for nothing. */
    private int force(IoEngine engine) {
        return result == submission.length() ? engine.force(submission.handle()) : -Errno.ECANCELED;
    }

    /** Reports the result, and keeps neither memory nor file alive any longer. */
    void complete(int slot, Completions done) {
        done.add(slot, result, forced);
        submission.clear();
    }
}
