package io.pinbounce.pi;

import io.pinbounce.internal.linux.InstructionSet;
import io.pinbounce.internal.linux.StubLibrary;
import io.pinbounce.internal.linux.StubProtection;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * The straight loops as native code: one call for a whole request, or, as soon as some of its
 * memory is on the heap, one for each piece that may hold up the collector. {@link Pi} asks {@link
 * #serves} first; memory that native code may not use goes through the loops of {@link Contiguous}.
 */
final class Fused {

    private static final @Nullable InstructionSet INSTRUCTIONS = StubLibrary.instructions();

    private static final ThreadLocal<StubProtection> PROTECTION =
            ThreadLocal.withInitial(StubProtection::new);

    private Fused() {}

    /**
     * Whether native code may use the memory: never a mapped file, which may be truncated
     * meanwhile, and heap memory only if an interval fits a critical call.
     */
    static boolean serves(PiContext context, MemorySegment data, MemorySegment metadata) {
        return INSTRUCTIONS != null
                && !data.isMapped()
                && !metadata.isMapped()
                && (inOneCall(data, metadata) || context.interval() <= StubLibrary.MAX_CRITICAL);
    }

    static void generate(
            PiContext context,
            MemorySegment data,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        long most = most(context, inOneCall(data, metadata), intervals);
        for (long at = 0; at < intervals; at += most) {
            long count = Math.min(most, intervals - at);
            StubLibrary.guard(
                    protection(context, firstInterval + at),
                    part(data, context.interval(), at, count),
                    part(metadata, context.metadataSize(), at, count),
                    count);
        }
    }

    static void generateCopy(
            PiContext context,
            MemorySegment source,
            MemorySegment destination,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        boolean inOneCall = inOneCall(source, metadata) && inOneCall(destination, metadata);
        long most = most(context, inOneCall, intervals);
        for (long at = 0; at < intervals; at += most) {
            long count = Math.min(most, intervals - at);
            StubLibrary.guardCopy(
                    protection(context, firstInterval + at),
                    part(source, context.interval(), at, count),
                    part(destination, context.interval(), at, count),
                    part(metadata, context.metadataSize(), at, count),
                    count);
        }
    }

    /** Whether every interval matches; the loop in Java finds out which do not, and why. */
    static boolean matches(
            PiContext context,
            MemorySegment data,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        long most = most(context, inOneCall(data, metadata), intervals);
        for (long at = 0; at < intervals; at += most) {
            long count = Math.min(most, intervals - at);
            long good =
                    StubLibrary.verify(
                            protection(context, firstInterval + at),
                            part(data, context.interval(), at, count),
                            part(metadata, context.metadataSize(), at, count),
                            count);
            if (good < count) {
                return false;
            }
        }
        return true;
    }

    private static boolean inOneCall(MemorySegment data, MemorySegment metadata) {
        return data.isNative() && metadata.isNative();
    }

    /** Intervals for one call. */
    private static long most(PiContext context, boolean inOneCall, long intervals) {
        return inOneCall ? intervals : StubLibrary.MAX_CRITICAL / context.interval();
    }

    /** Some intervals' share of a segment that has so many bytes for each. */
    private static MemorySegment part(MemorySegment all, long each, long at, long count) {
        boolean whole = at == 0 && count * each == all.byteSize();
        return whole ? all : all.asSlice(at * each, count * each);
    }

    private static StubProtection protection(PiContext context, long firstInterval) {
        if (INSTRUCTIONS == null) {
            throw new IllegalStateException(StubLibrary.reason());
        }
        StubProtection protection = PROTECTION.get();
        StubLibrary.Guard guard =
                switch (context.format()) {
                    case GUARD_16 -> StubLibrary.Guard.CRC16_T10DIF;
                    case GUARD_32 -> StubLibrary.Guard.CRC32C;
                    case GUARD_64 -> StubLibrary.Guard.CRC64_NVME;
                };
        boolean guarded = context.checks(PiCheck.GUARD);
        protection.guard(INSTRUCTIONS, guard, context.guardSeed(), guarded);
        protection.geometry(context.interval(), context.metadataSize(), context.tupleOffset());
        protection.appTag(
                context.generatedAppTag(), context.checks(PiCheck.APP_TAG) ? context.appMask() : 0);
        boolean counts = context.type().countsIntervals();
        boolean refTags = context.checks(PiCheck.REF_TAG);
        long refMask = context.refTagMask();
        protection.refTag(
                context.generatedRefTag(firstInterval), refTags && counts ? 1 : 0, refMask);
        long storage = context.generatedStorageTag();
        long storageMask =
                context.checks(PiCheck.STORAGE_TAG) ? PiFormat.ones(context.storageTagSize()) : 0;
        protection.field(
                context.lowTagBits(storage, 0),
                (refTags && counts ? refMask : 0) | context.lowTagBits(storageMask, 0),
                counts ? 0 : refMask);
        protection.fieldHigh(context.highTagBits(storage), context.highTagBits(storageMask), 0);
        return protection;
    }
}
