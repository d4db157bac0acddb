package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** What memory and numbers must be like, before anything is written. */
final class Requirements {

    private Requirements() {}

    /** How many intervals some data is; it must be a whole number of them. */
    static long intervals(PiContext context, long byteSize, long firstInterval) {
        long intervals = byteSize / context.interval();
        if (intervals * context.interval() != byteSize) {
            throw new IllegalArgumentException(
                    "The data must be a whole number of intervals; pad the last one with zeros,"
                            + " byteSize="
                            + byteSize
                            + " interval="
                            + context.interval());
        }
        numbers(firstInterval, intervals);
        return intervals;
    }

    static void numbers(long firstInterval, long intervals) {
        if (firstInterval < 0 || intervals < 0 || firstInterval > Long.MAX_VALUE - intervals) {
            throw new IllegalArgumentException(
                    "Interval numbers must be 0 to 2^63 - 1, firstInterval="
                            + firstInterval
                            + " intervals="
                            + intervals);
        }
    }

    static void room(PiContext context, long byteSize, long intervals) {
        if (byteSize / context.metadataSize() < intervals) {
            throw new IllegalArgumentException(
                    "The metadata must have metadataSize bytes for each interval, byteSize="
                            + byteSize
                            + " metadataSize="
                            + context.metadataSize()
                            + " intervals="
                            + intervals);
        }
    }

    static void destination(long destination, long source) {
        if (destination < source) {
            throw new IllegalArgumentException(
                    "The destination must be at least as large as the source, destination="
                            + destination
                            + " source="
                            + source);
        }
    }

    static void writable(String name, MemorySegment memory) {
        if (memory.isReadOnly()) {
            throw new IllegalArgumentException(
                    "The "
                            + name
                            + " must be writable, but the segment is read-only, byteSize="
                            + memory.byteSize());
        }
    }

    /** Allocates nothing unless the segments do overlap. */
    static void apart(String oneName, MemorySegment one, String otherName, MemorySegment other) {
        Optional<MemorySegment> shared = one.asOverlappingSlice(other);
        if (shared.isPresent()) {
            throw new IllegalArgumentException(
                    "The "
                            + oneName
                            + " and the "
                            + otherName
                            + " must not overlap; use memory of its own for each, overlap="
                            + shared.get().byteSize());
        }
    }
}
