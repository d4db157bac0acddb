package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;

/**
 * A place in the bytes of a scatter list, which moves forward. Every method but {@link #remaining}
 * and {@link #append} moves it by the number of bytes that it is given, over as many borders
 * between segments as lie on the way. For one thread.
 */
final class SegmentCursor {

    private final ArrayDeque<MemorySegment> segments;

    /** The place in the first segment. */
    private long offset;

    private long remaining;

    SegmentCursor(List<MemorySegment> segments) {
        this.segments = new ArrayDeque<>(segments.size() + 1);
        segments.forEach(this::append);
    }

    /** Bytes from here to the end. */
    long remaining() {
        return remaining;
    }

    void append(MemorySegment segment) {
        segments.add(segment);
        remaining += segment.byteSize();
    }

    long updateGuard(PiFormat format, long seed, long length) {
        long guard = seed;
        for (long left = length; left > 0; ) {
            MemorySegment segment = here();
            long run = run(left);
            guard = format.updateGuard(guard, segment, offset, run);
            advance(run);
            left -= run;
        }
        return guard;
    }

    void skip(long length) {
        for (long left = length; left > 0; ) {
            here();
            long run = run(left);
            advance(run);
            left -= run;
        }
    }

    void read(MemorySegment target, long length) {
        for (long done = 0; done < length; ) {
            MemorySegment segment = here();
            long run = run(length - done);
            MemorySegment.copy(segment, offset, target, done, run);
            advance(run);
            done += run;
        }
    }

    void write(MemorySegment source, long length) {
        for (long done = 0; done < length; ) {
            MemorySegment segment = here();
            long run = run(length - done);
            MemorySegment.copy(source, done, segment, offset, run);
            advance(run);
            done += run;
        }
    }

    /** Copies to another cursor, and moves both. */
    void copyTo(SegmentCursor target, long length) {
        for (long left = length; left > 0; ) {
            MemorySegment from = here();
            MemorySegment to = target.here();
            long run = Math.min(run(left), target.run(left));
            MemorySegment.copy(from, offset, to, target.offset, run);
            advance(run);
            target.advance(run);
            left -= run;
        }
    }

    /** The segment with the next byte; one that is used up is dropped. */
    private MemorySegment here() {
        while (offset == segments.element().byteSize()) {
            segments.remove();
            offset = 0;
        }
        return segments.element();
    }

    private long run(long most) {
        return Math.min(most, segments.element().byteSize() - offset);
    }

    private void advance(long length) {
        offset += length;
        remaining -= length;
    }
}
