package io.pinbounce.pi;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;

/**
 * Generates and verifies protection information that is kept apart from the data it protects: a
 * segment of data, and a segment with {@code metadataSize} bytes for each interval of it.
 *
 * <p>Segments may be of any kind and alignment, and must not overlap. The data must be a whole
 * number of intervals, which may be none; the metadata may be longer than needed. {@code
 * firstInterval} is the number, in the file or on the device, of the interval that the data starts
 * with; reference tags count from there. A context of type 0 asks for no protection, and its
 * metadata is then neither read, written nor measured.
 *
 * <p>Any number of threads may call at once, with memory of their own. Apart from reporting
 * mismatches, and from each thread's first call, nothing is allocated. A segment whose arena is
 * closed gives {@link IllegalStateException}, one that is confined to another thread {@link
 * WrongThreadException}; a thread that closes an arena during a call may leave part of the work
 * done. Null arguments give {@link NullPointerException}.
 */
public final class Pi {

    private Pi() {}

    /**
     * Writes the tuple of each interval. Other metadata is left as it is.
     *
     * @param context how to protect
     * @param data whole intervals
     * @param metadata where the tuples go
     * @param firstInterval the number of the first interval, 0 or more
     * @throws IllegalArgumentException if the data is not a whole number of intervals, the metadata
     *     too small or read-only, or {@code firstInterval} negative; nothing is written
     */
    public static void generate(
            PiContext context, MemorySegment data, MemorySegment metadata, long firstInterval) {
        long intervals = intervals(context, data, firstInterval);
        if (context.type() == PiType.TYPE_0) {
            return;
        }
        requireRoom(context, metadata, intervals);
        requireWritable("metadata", metadata);
        for (long i = 0; i < intervals; i++) {
            put(context, metadata, i, firstInterval, dataGuard(context, data, i));
        }
    }

    /**
     * Copies intervals and writes the tuple of each copy. The guard is computed over the
     * destination, so it agrees with the copy even if the source changes meanwhile; a copy of a
     * source that changes may mix old bytes and new ones.
     *
     * @param context how to protect
     * @param source whole intervals
     * @param destination where the copy goes, at least as large as the source; nobody else may
     *     change it during the call
     * @param metadata where the tuples go
     * @param firstInterval the number of the first interval, 0 or more
     * @throws IllegalArgumentException if the source is not a whole number of intervals, the
     *     destination or the metadata too small or read-only, or {@code firstInterval} negative;
     *     nothing is written
     */
    public static void generateCopy(
            PiContext context,
            MemorySegment source,
            MemorySegment destination,
            MemorySegment metadata,
            long firstInterval) {
        long intervals = intervals(context, source, firstInterval);
        if (destination.byteSize() < source.byteSize()) {
            throw new IllegalArgumentException(
                    "The destination must be at least as large as the source, destination="
                            + destination.byteSize()
                            + " source="
                            + source.byteSize());
        }
        requireWritable("destination", destination);
        if (context.type() == PiType.TYPE_0) {
            MemorySegment.copy(source, 0, destination, 0, source.byteSize());
            return;
        }
        requireRoom(context, metadata, intervals);
        requireWritable("metadata", metadata);
        int interval = context.interval();
        for (long i = 0; i < intervals; i++) {
            MemorySegment.copy(source, i * interval, destination, i * interval, interval);
            put(context, metadata, i, firstInterval, dataGuard(context, destination, i));
        }
    }

    /**
     * Writes the tuples of intervals that hold nothing but zeros, without looking at any data.
     *
     * @param context how to protect
     * @param metadata where the tuples go
     * @param firstInterval the number of the first interval, 0 or more
     * @param intervals how many there are, 0 or more
     * @throws IllegalArgumentException if the metadata is too small or read-only, or a number
     *     negative; nothing is written
     */
    public static void generateZeros(
            PiContext context, MemorySegment metadata, long firstInterval, long intervals) {
        requireNumbers(firstInterval, intervals);
        if (context.type() == PiType.TYPE_0) {
            return;
        }
        requireRoom(context, metadata, intervals);
        requireWritable("metadata", metadata);
        long guard = context.format().updateGuardZeros(context.guardSeed(), context.interval());
        for (long i = 0; i < intervals; i++) {
            put(context, metadata, i, firstInterval, guard);
        }
    }

    /**
     * Compares each interval with its tuple. A tuple that escapes is not compared.
     *
     * @param context how the data was protected
     * @param data whole intervals
     * @param metadata the tuples
     * @param firstInterval the number of the first interval, 0 or more
     * @return every interval that does not match, in order; empty if all do; unmodifiable
     * @throws IllegalArgumentException if the data is not a whole number of intervals, the metadata
     *     too small, or {@code firstInterval} negative
     */
    public static List<PiMismatch> verify(
            PiContext context, MemorySegment data, MemorySegment metadata, long firstInterval) {
        long intervals = intervals(context, data, firstInterval);
        if (context.type() == PiType.TYPE_0) {
            return List.of();
        }
        requireRoom(context, metadata, intervals);
        List<PiMismatch> mismatches = List.of();
        for (long i = 0; i < intervals; i++) {
            PiMismatch mismatch = compare(context, data, metadata, i, firstInterval);
            if (mismatch != null) {
                if (mismatches.isEmpty()) {
                    mismatches = new ArrayList<>();
                }
                mismatches.add(mismatch);
            }
        }
        return mismatches.isEmpty() ? mismatches : Collections.unmodifiableList(mismatches);
    }

    private static @Nullable PiMismatch compare(
            PiContext context,
            MemorySegment data,
            MemorySegment metadata,
            long index,
            long firstInterval) {
        PiFormat format = context.format();
        long at = index * context.metadataSize() + context.tupleOffset();
        // Each field is read once: memory that changes meanwhile cannot make the report disagree
        // with the decision.
        int appTag = format.appTag(metadata, at);
        long refTag = format.refTag(metadata, at);
        if (context.escapes(appTag, refTag)) {
            return null;
        }
        long guard = format.guard(metadata, at);
        long number = firstInterval + index;
        long expectedGuard = guard(context, metadata, index, dataGuard(context, data, index));
        long expectedRefTag = context.generatedRefTag(number);
        boolean guardFails = context.checks(PiCheck.GUARD) && guard != expectedGuard;
        boolean appTagFails =
                context.checks(PiCheck.APP_TAG)
                        && ((appTag ^ context.appTag()) & context.appMask()) != 0;
        boolean refTagFails =
                context.checks(PiCheck.REF_TAG)
                        && context.type().countsIntervals()
                        && refTag != expectedRefTag;
        if (!guardFails && !appTagFails && !refTagFails) {
            return null;
        }
        EnumSet<PiCheck> failing = EnumSet.noneOf(PiCheck.class);
        addIf(guardFails, failing, PiCheck.GUARD);
        addIf(appTagFails, failing, PiCheck.APP_TAG);
        addIf(refTagFails, failing, PiCheck.REF_TAG);
        PiTuple expected = new PiTuple(expectedGuard, context.generatedAppTag(), expectedRefTag);
        return new PiMismatch(number, failing, expected, new PiTuple(guard, appTag, refTag));
    }

    private static void addIf(boolean fails, EnumSet<PiCheck> failing, PiCheck field) {
        if (fails) {
            failing.add(field);
        }
    }

    private static void put(
            PiContext context,
            MemorySegment metadata,
            long index,
            long firstInterval,
            long dataGuard) {
        long at = index * context.metadataSize() + context.tupleOffset();
        context.format()
                .put(
                        metadata,
                        at,
                        guard(context, metadata, index, dataGuard),
                        context.generatedAppTag(),
                        context.generatedRefTag(firstInterval + index));
    }

    /** The guard over an interval's data alone; 0 when guards are off, and the data is not read. */
    private static long dataGuard(PiContext context, MemorySegment data, long index) {
        if (!context.checks(PiCheck.GUARD)) {
            return 0;
        }
        int interval = context.interval();
        return context.format().updateGuard(context.guardSeed(), data, index * interval, interval);
    }

    /** Continues a guard over the metadata in front of the tuple. */
    private static long guard(
            PiContext context, MemorySegment metadata, long index, long dataGuard) {
        if (!context.checks(PiCheck.GUARD)) {
            return 0;
        }
        return context.format()
                .updateGuard(
                        dataGuard, metadata, index * context.metadataSize(), context.tupleOffset());
    }

    private static long intervals(PiContext context, MemorySegment data, long firstInterval) {
        long intervals = data.byteSize() / context.interval();
        if (intervals * context.interval() != data.byteSize()) {
            throw new IllegalArgumentException(
                    "The data must be a whole number of intervals; pad the last one with zeros,"
                            + " byteSize="
                            + data.byteSize()
                            + " interval="
                            + context.interval());
        }
        requireNumbers(firstInterval, intervals);
        return intervals;
    }

    private static void requireNumbers(long firstInterval, long intervals) {
        if (firstInterval < 0 || intervals < 0 || firstInterval > Long.MAX_VALUE - intervals) {
            throw new IllegalArgumentException(
                    "Interval numbers must be 0 to 2^63 - 1, firstInterval="
                            + firstInterval
                            + " intervals="
                            + intervals);
        }
    }

    private static void requireRoom(PiContext context, MemorySegment metadata, long intervals) {
        if (metadata.byteSize() / context.metadataSize() < intervals) {
            throw new IllegalArgumentException(
                    "The metadata must have metadataSize bytes for each interval, byteSize="
                            + metadata.byteSize()
                            + " metadataSize="
                            + context.metadataSize()
                            + " intervals="
                            + intervals);
        }
    }

    private static void requireWritable(String name, MemorySegment memory) {
        if (memory.isReadOnly()) {
            throw new IllegalArgumentException(
                    "The "
                            + name
                            + " must be writable, but the segment is read-only, byteSize="
                            + memory.byteSize());
        }
    }
}
