package io.pinbounce.internal.request;

import io.pinbounce.BadInterval;
import io.pinbounce.ProtectionException;
import io.pinbounce.internal.file.Errors;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The first and the last unit of a part of a write, where the write covers them only in part: the
 * file's own bytes around it are read, verified, and written back as they were. {@link UnitRange}
 * has the picture.
 */
final class PartialUnits {

    private static final long NONE = -1;

    private final Request request;

    private final UnitRange units;

    private long unit;

    /** Units of the part below this position are read already, or need not be. */
    private long filledTo;

    PartialUnits(Request request, UnitRange units) {
        this.request = request;
        this.units = units;
    }

    /** Starts anew; the units are set. */
    void set(long unit) {
        this.unit = unit;
    }

    /** Starts a part. */
    void begin(long from) {
        filledTo = from;
    }

    /** Whether the write leaves bytes of a unit as they are. */
    boolean keepsOld(long at) {
        return units.keepsOld(at, unit, request.file().inode().size());
    }

    /**
     * The next unit that must be read.
     *
     * @param from where the part starts
     * @param length of the part, whole units
     * @return where it starts; less than 0 if there is none
     */
    long next(long from, long length) {
        if (filledTo == from) {
            if (keepsOld(from)) {
                return from;
            }
            filledTo = from + unit;
        }
        long last = from + length - unit;
        return last >= filledTo && keepsOld(last) ? last : NONE;
    }

    /**
     * Verifies old data that was read, and zeros the bytes behind the end of the file.
     *
     * @throws ProtectionException if an interval that the write keeps in part is bad
     */
    void accept(MemorySegment old, WriteGuard guard) throws IOException {
        long at = request.span.position();
        if (request.span.failed() != 0) {
            throw Errors.ofOldBlock(request.call(), at, request.span.failed(), request.done());
        }
        request.padWithZeros(old, request.file().inode().size());
        List<BadInterval> bad = guard.verifyOld(old, at);
        if (!bad.isEmpty()) {
            throw new ProtectionException(request.call(), bad, request.done());
        }
        filledTo = at + old.byteSize();
    }
}
