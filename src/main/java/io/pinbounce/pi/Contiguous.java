package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The straight loops: one segment of data, one of metadata, both checked by the caller, and no
 * allocation unless something is wrong. This is the path of every request of a guarded file.
 */
final class Contiguous {

    private Contiguous() {}

    static void generate(
            PiContext context,
            MemorySegment data,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        for (long i = 0; i < intervals; i++) {
            Tuples.put(
                    context,
                    metadata,
                    tupleAt(context, i),
                    guard(context, data, metadata, i),
                    firstInterval + i);
        }
    }

    static void generateCopy(
            PiContext context,
            MemorySegment source,
            MemorySegment destination,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        int interval = context.interval();
        for (long i = 0; i < intervals; i++) {
            MemorySegment.copy(source, i * interval, destination, i * interval, interval);
            Tuples.put(
                    context,
                    metadata,
                    tupleAt(context, i),
                    guard(context, destination, metadata, i),
                    firstInterval + i);
        }
    }

    static void generateZeros(
            PiContext context, MemorySegment metadata, long firstInterval, long intervals) {
        boolean guarded = context.checks(PiCheck.GUARD);
        PiFormat format = context.format();
        long ofData = format.updateGuardZeros(context.guardSeed(), context.interval());
        for (long i = 0; i < intervals; i++) {
            long guard = guarded ? withPrefix(context, ofData, metadata, i) : 0;
            Tuples.put(context, metadata, tupleAt(context, i), guard, firstInterval + i);
        }
    }

    static List<PiMismatch> verify(
            PiContext context,
            MemorySegment data,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        List<PiMismatch> mismatches = List.of();
        for (long i = 0; i < intervals; i++) {
            PiMismatch mismatch =
                    Tuples.compare(
                            context,
                            metadata,
                            tupleAt(context, i),
                            guard(context, data, metadata, i),
                            firstInterval + i);
            if (mismatch != null) {
                if (mismatches.isEmpty()) {
                    mismatches = new ArrayList<>();
                }
                mismatches.add(mismatch);
            }
        }
        return mismatches.isEmpty() ? mismatches : Collections.unmodifiableList(mismatches);
    }

    private static long tupleAt(PiContext context, long index) {
        return index * context.metadataSize() + context.tupleOffset();
    }

    /** An interval's guard; 0 when guards are off, and the data is not read. */
    private static long guard(
            PiContext context, MemorySegment data, MemorySegment metadata, long index) {
        if (!context.checks(PiCheck.GUARD)) {
            return 0;
        }
        int interval = context.interval();
        long ofData =
                context.format().updateGuard(context.guardSeed(), data, index * interval, interval);
        return withPrefix(context, ofData, metadata, index);
    }

    /** Continues a guard over the metadata in front of the tuple. */
    private static long withPrefix(
            PiContext context, long guard, MemorySegment metadata, long index) {
        return context.format()
                .updateGuard(
                        guard, metadata, index * context.metadataSize(), context.tupleOffset());
    }
}
