package io.pinbounce.internal.request;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.file.Slices;

import java.lang.foreign.MemorySegment;

/**
 * The part of a write that is under way: whole units of the file, and the slot that they go through
 * if they bounce. A write that is longer than a slot has several, one after the other.
 */
final class WritePart {

    private final Request request;

    private final UnitRange units;

    private final SizeChange sizeChange;

    private long unit;

    private long maxRecorded;

    private long from;

    private long to;

    private MemorySegment data = MemorySegment.NULL;

    WritePart(Request request, UnitRange units, SizeChange sizeChange) {
        this.request = request;
        this.units = units;
        this.sizeChange = sizeChange;
    }

    /**
     * Starts anew, before the first part; the units are set.
     *
     * @param maxRecorded bytes that can be put on record at once
     */
    void set(long unit, long maxRecorded) {
        this.unit = unit;
        this.maxRecorded = maxRecorded;
        from = units.start();
        to = from;
        data = MemorySegment.NULL;
    }

    /** Its first byte in the file. */
    long from() {
        return from;
    }

    /** The byte behind its last one. */
    long to() {
        return to;
    }

    long length() {
        return to - from;
    }

    /** Where the part starts in the caller's memory, unless it starts before that memory. */
    long offset() {
        return from - units.position();
    }

    /** Whole units of the slot; or of other memory that the part was read back to. */
    MemorySegment data() {
        return data;
    }

    /** Whether the part was opened and has not ended. */
    boolean isOpen() {
        return from < to;
    }

    /** Whether no part of the write follows. */
    boolean isLast() {
        return to >= sizeChange.limit();
    }

    /** Bytes that go through a slot, and on record, at once. */
    long maxLength() {
        long slot = request.file().bounceLimit(unit);
        return maxRecorded >= slot ? slot : Alignment.down(maxRecorded, unit);
    }

    /**
     * Chooses a part that is sent from the caller's memory.
     *
     * @param fitsSlot whether the part must fit a slot, since it may have to be read back
     */
    void openPinned(boolean fitsSlot) {
        long limit = sizeChange.limit();
        to = fitsSlot ? Math.min(limit, from + maxLength()) : limit;
    }

    /**
     * Chooses a part that bounces, and takes a slot for it.
     *
     * @return false if there is no slot yet
     */
    boolean openBounced() {
        to = Math.min(sizeChange.limit(), from + maxLength());
        if (!takeSlot()) {
            to = from;
            return false;
        }
        units.clearPadding(data, from);
        return true;
    }

    boolean takeSlot() {
        long length = wholeUnits();
        if (!request.hasSlot(length)) {
            return false;
        }
        data = Slices.of(request.slot(), 0, length);
        return true;
    }

    /** The part's length, rounded up to units: a device may end inside a unit. */
    long wholeUnits() {
        return Alignment.up(to - from, unit);
    }

    /** Uses other memory, of as many units, in place of a slot. */
    void use(MemorySegment memory) {
        data = memory;
    }

    void copyIn(Buffers memory) {
        long first = Math.max(from, units.position());
        long last = Math.min(to, units.end());
        memory.copyTo(first - units.position(), data, first - from, last - first);
    }

    /** Bytes of the request that are written, if that many bytes of the part are. */
    long done(long moved) {
        return Math.min(from + moved, units.end()) - units.position();
    }

    /** Ends the part, since all of it is written, or settled. */
    void end() {
        from = to;
    }

    /** Ends the part early: the next part starts with the first byte that is not written. */
    void endAfter(long moved) {
        from += moved;
        to = from;
    }
}
