package io.pinbounce;

import io.pinbounce.buffer.Alignment;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The caller's memory: one or more segments, seen as one run of bytes. */
final class Buffers {

    private final List<MemorySegment> segments;

    private final long length;

    Buffers(List<MemorySegment> segments) {
        this.segments = List.copyOf(segments);
        long sum = 0;
        for (MemorySegment segment : this.segments) {
            sum = Math.addExact(sum, segment.byteSize());
        }
        length = sum;
    }

    long length() {
        return length;
    }

    List<MemorySegment> segments() {
        return segments;
    }

    /**
     * Refuses memory that this thread may not touch, before some of the rest has moved.
     *
     * @throws IllegalStateException if an arena is closed
     * @throws WrongThreadException if some of it is confined to another thread
     */
    void requireAccessible() {
        for (MemorySegment segment : segments) {
            if (!segment.scope().isAlive()) {
                throw new IllegalStateException(
                        "the arena of a buffer is closed; keep it open until the request is done");
            }
            if (!segment.isAccessibleBy(Thread.currentThread())) {
                throw new WrongThreadException(
                        "a buffer is confined to another thread; use a shared arena");
            }
        }
    }

    /** Whether some of it maps a file, so that touching it may fail. */
    boolean isMapped() {
        return segments.stream().anyMatch(MemorySegment::isMapped);
    }

    boolean isReadOnly() {
        return segments.stream().anyMatch(MemorySegment::isReadOnly);
    }

    /**
     * Why the kernel cannot use the memory as it is.
     *
     * @param memoryAlignment what an address must be a multiple of
     * @param unit what each length must be a multiple of
     * @return a sentence that names the value and the nearest good one; empty if it can
     */
    String whyNotPinnable(long memoryAlignment, long unit) {
        for (MemorySegment segment : segments) {
            if (!segment.isNative()) {
                return "heap memory cannot be pinned; use memory of a PinnedArena,"
                        + " or Transfer.BOUNCE";
            }
            if (segment.address() % memoryAlignment != 0) {
                return misaligned("address", segment.address(), memoryAlignment);
            }
            if (segment.byteSize() % unit != 0) {
                return misaligned("length", segment.byteSize(), unit);
            }
        }
        return "";
    }

    /** Why a value cannot be pinned, in words. */
    static String misaligned(String what, long value, long unit) {
        long below = Alignment.down(value, unit);
        long nearest = value - below <= unit / 2 ? below : below + unit;
        return "a pinned request's "
                + what
                + " is a multiple of "
                + unit
                + (", or use Transfer.BOUNCE: " + what + "=" + value + " nearest=" + nearest);
    }

    /** The segments, or parts of them, that make up a part of the run. */
    List<MemorySegment> slice(long offset, long size) {
        if (offset == 0 && size == length) {
            return segments;
        }
        List<MemorySegment> parts = new ArrayList<>();
        long before = 0;
        for (MemorySegment segment : segments) {
            long from = Math.max(offset - before, 0);
            long to = Math.min(offset + size - before, segment.byteSize());
            if (from < to) {
                parts.add(segment.asSlice(from, to - from));
            }
            before += segment.byteSize();
        }
        return parts;
    }

    /** Copies a part of the run to other memory. */
    void copyTo(long offset, MemorySegment destination) {
        long at = 0;
        for (MemorySegment part : slice(offset, destination.byteSize())) {
            MemorySegment.copy(part, 0, destination, at, part.byteSize());
            at += part.byteSize();
        }
    }

    /** Copies other memory into a part of the run. */
    void copyFrom(MemorySegment source, long offset) {
        long at = 0;
        for (MemorySegment part : slice(offset, source.byteSize())) {
            MemorySegment.copy(source, at, part, 0, part.byteSize());
            at += part.byteSize();
        }
    }
}
