package io.pinbounce.internal.request;

import io.pinbounce.BadInterval;
import io.pinbounce.internal.sidecar.Intent;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What protection adds to a write, part by part. This class adds nothing, for a file without
 * protection; {@link GuardedWrite} guards.
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
     * Verifies the bytes that a write keeps of the units it covers in part: damaged data must not
     * get a valid tuple.
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
     * @param end the byte behind the last byte that the file will have because of the part
     */
    void begin(long from, long end) {}

    /** Whether the store must know the present data before the write overwrites it. */
    boolean needsBase(long to) throws IOException {
        return false;
    }

    /**
     * Remembers the seals of the present data: if the write never happens, that data stays
     * unprotected.
     */
    void base(MemorySegment old) throws IOException {}

    /** Makes the tuples of a part that is about to be sent from the slot. */
    void seal(MemorySegment data) throws IOException {}

    /** Makes the tuples of a part that is about to be sent from the caller's memory. */
    void seal(Buffers memory, long offset, long length) throws IOException {}

    /**
     * Announces the intervals that are about to be sent, without those that are only written back
     * as they were.
     */
    void enter() throws IOException {}

    /** Whether the announcement is on record. */
    Intent.Step next() throws IOException {
        return Intent.Step.RECORDED;
    }

    /** Puts a group of announcements on record. */
    Request.Step lead(LogRecord record) {
        throw new AssertionError("nothing is announced");
    }

    /** Takes the end of that record's write, well or not. */
    void recorded(LogRecord record, long unit) throws IOException {}

    /** Stores the seals of what has been written, from the start of the part on. */
    void store(long written) {}

    /**
     * Whether the caller's memory still has the same tuples; if not, the data on the disk is
     * unknown, and its intervals are damaged from here on.
     */
    boolean heldStill(Buffers memory, WritePart part, long written) {
        return true;
    }

    /** Ends the part, well or not. */
    void leave() {}

    /**
     * After a failed write: keeps the seal, old or new, that matches the data; an interval that
     * matches neither is damaged.
     *
     * @param readBack the part as it is now, behind the end of the file zeros
     * @param left bytes of the part that stay in the file
     */
    void settle(MemorySegment readBack, long left) throws IOException {}

    /** After a failed write that cannot be read back: marks its intervals as damaged. */
    void damage(long left) {}

    /** Makes tuples durable, once the data is. */
    void force() throws IOException {}
}
