package io.pinbounce.internal.request;

import io.pinbounce.BadInterval;
import io.pinbounce.internal.sidecar.Intent;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What protection adds to a write, part by part. This one adds nothing; {@link GuardedWrite} is the
 * other.
 */
class WriteGuard {

    static final WriteGuard NONE = new WriteGuard();

    /** Whether intervals are guarded at all. */
    boolean guards() {
        return false;
    }

    /** Bytes of a part that can be put on record at once. */
    long maxRecorded() {
        return Long.MAX_VALUE;
    }

    /**
     * Verifies what a write keeps of the units that it covers in part: damage must not get a valid
     * tuple.
     *
     * @param old whole units of the file, behind its end zeros
     * @param at where in the file
     * @return every interval that is kept in part and is bad
     */
    List<BadInterval> verifyOld(MemorySegment old, long at) throws IOException {
        return List.of();
    }

    /**
     * Starts a part.
     *
     * @param from where it starts
     * @param end the byte behind the last one that the file will have because of it
     */
    void begin(long from, long end) {}

    /** Whether the data that is there must be known before it may be written over. */
    boolean needsBase(long to) throws IOException {
        return false;
    }

    /** Remembers what is there: if the write never happens, it is as unprotected as before. */
    void base(MemorySegment old) throws IOException {}

    /** Makes the tuples of a part that is about to be sent from the slot. */
    void seal(MemorySegment data) throws IOException {}

    /** Makes the tuples of a part that is about to be sent from the caller's memory. */
    void seal(Buffers memory, long offset, long length) throws IOException {}

    /** Announces what is about to be sent. What only surrounds it is written back as it was. */
    void enter() throws IOException {}

    /** Whether the announcement is on record. */
    Intent.Step next() throws IOException {
        return Intent.Step.RECORDED;
    }

    /** Puts a group of announcements on record. */
    Request.Step lead(LogRecord record) {
        throw new AssertionError("nothing is announced");
    }

    /** That has ended, well or not. */
    void recorded(LogRecord record, long unit) throws IOException {}

    /** Stores the seals of what has been written, from the start of the part on. */
    void store(long written) {}

    /**
     * Whether the caller's memory still has the tuples that it had; if not, what is on the disk is
     * unknown, and damaged from here on.
     */
    boolean heldStill(Buffers memory, WritePart part, long written) {
        return true;
    }

    /** The part is over, well or not. */
    void leave() {}

    /**
     * After a failed write: keeps the seal, old or new, that matches what is there; an interval
     * that has neither is damaged.
     *
     * @param readBack the part as it is now, behind the end of the file zeros
     * @param left bytes of the part that stay in the file
     */
    void settle(MemorySegment readBack, long left) throws IOException {}

    /** After a failed write that cannot even be read back. */
    void damage(long left) {}

    /** Makes tuples durable, once the data is. */
    void force() throws IOException {}
}
