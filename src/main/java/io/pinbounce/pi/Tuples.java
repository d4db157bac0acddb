package io.pinbounce.pi;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Writes and compares the tuple of one interval, whose guard is computed already. */
final class Tuples {

    private Tuples() {}

    static void put(PiContext context, MemorySegment memory, long offset, long guard, long number) {
        long storageTag = context.generatedStorageTag();
        context.format()
                .put(
                        memory,
                        offset,
                        guard,
                        context.generatedAppTag(),
                        context.highTagBits(storageTag),
                        context.lowTagBits(storageTag, context.generatedRefTag(number)));
    }

    /** What is wrong with a tuple, or null if nothing is. */
    static @Nullable PiMismatch compare(
            PiContext context, MemorySegment memory, long offset, long expectedGuard, long number) {
        PiFormat format = context.format();
        // Each field is read once: memory that changes meanwhile cannot make the report disagree
        // with the decision.
        int appTag = format.appTag(memory, offset);
        int high = format.highTagBits(memory, offset);
        long low = format.lowTagBits(memory, offset);
        long guard = format.guard(memory, offset);
        long refTag = context.refTagOf(low);
        if (context.escapes(appTag, refTag)) {
            return null;
        }
        long storageTag = context.storageTagOf(high, low);
        long expectedRefTag = context.generatedRefTag(number);
        boolean guardFails = context.checks(PiCheck.GUARD) && guard != expectedGuard;
        boolean appTagFails =
                context.checks(PiCheck.APP_TAG)
                        && ((appTag ^ context.appTag()) & context.appMask()) != 0;
        boolean refTagFails =
                context.checks(PiCheck.REF_TAG)
                        && context.type().countsIntervals()
                        && refTag != expectedRefTag;
        boolean storageTagFails =
                context.checks(PiCheck.STORAGE_TAG) && storageTag != context.storageTag();
        if (!guardFails && !appTagFails && !refTagFails && !storageTagFails) {
            return null;
        }
        EnumSet<PiCheck> failing = EnumSet.noneOf(PiCheck.class);
        addIf(guardFails, failing, PiCheck.GUARD);
        addIf(appTagFails, failing, PiCheck.APP_TAG);
        addIf(refTagFails, failing, PiCheck.REF_TAG);
        addIf(storageTagFails, failing, PiCheck.STORAGE_TAG);
        return new PiMismatch(
                number,
                failing,
                new PiTuple(
                        expectedGuard,
                        context.generatedAppTag(),
                        context.generatedStorageTag(),
                        expectedRefTag),
                new PiTuple(guard, appTag, storageTag, refTag));
    }

    private static void addIf(boolean fails, EnumSet<PiCheck> failing, PiCheck field) {
        if (fails) {
            failing.add(field);
        }
    }
}
