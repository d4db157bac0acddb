package io.pinbounce.pi;

import io.pinbounce.linux.StubLibrary;
import io.pinbounce.linux.StubProtection;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * The straight loops as native code, one call for a whole request. {@link Pi} asks {@link #serves}
 * first; what native code may not have goes through the loops of {@link Contiguous}.
 */
final class Fused {

    private static final StubLibrary.@Nullable Kernel KERNEL = StubLibrary.kernel();

    private static final ThreadLocal<StubProtection> PROTECTION =
            ThreadLocal.withInitial(StubProtection::new);

    private Fused() {}

    /**
     * Whether native code may have the memory: never what maps a file, since that may go away
     * meanwhile, and on the heap no more than a call may hold up the collector for.
     */
    static boolean serves(MemorySegment data, MemorySegment metadata) {
        boolean held = data.byteSize() <= StubLibrary.MAX_CRITICAL;
        return KERNEL != null
                && !data.isMapped()
                && !metadata.isMapped()
                && (held || (data.isNative() && metadata.isNative()));
    }

    static void generate(
            PiContext context,
            MemorySegment data,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        StubLibrary.guard(protection(context, firstInterval), data, metadata, intervals);
    }

    static void generateCopy(
            PiContext context,
            MemorySegment source,
            MemorySegment destination,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        StubLibrary.guardCopy(
                protection(context, firstInterval), source, destination, metadata, intervals);
    }

    /** Whether every interval matches; which do not, and why, is for the loop in Java to say. */
    static boolean matches(
            PiContext context,
            MemorySegment data,
            MemorySegment metadata,
            long firstInterval,
            long intervals) {
        StubProtection protection = protection(context, firstInterval);
        return StubLibrary.verify(protection, data, metadata, intervals) == intervals;
    }

    private static StubProtection protection(PiContext context, long firstInterval) {
        if (KERNEL == null) {
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
        protection.guard(KERNEL, guard, context.guardSeed(), guarded);
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
