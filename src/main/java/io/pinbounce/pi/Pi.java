package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Generates and verifies protection information: of data in one segment with {@code metadataSize}
 * bytes for each interval in another, or of {@link PiBlocks}, which may be interleaved with their
 * metadata and scattered over many segments. {@link PiStream} does the same for data that arrives
 * in pieces.
 *
 * <p>Segments may be of any kind and alignment, and must not overlap. The data must be a whole
 * number of intervals, which may be none; the metadata may be longer than needed. {@code
 * firstInterval} is the number, in the file or on the device, of the interval that the data starts
 * with; reference tags count from there. A context of type 0 asks for no protection, and its
 * metadata is then neither read, written nor measured; copies still move data.
 *
 * <p>Any number of threads may call at once, with memory of their own. With one segment of data and
 * one of metadata nothing is allocated, apart from reporting mismatches and from each thread's
 * first call. A segment whose arena is closed gives {@link IllegalStateException}, one that is
 * confined to another thread {@link WrongThreadException}; a thread that closes an arena during a
 * call may leave part of the work done. Null arguments give {@link NullPointerException}.
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
        long intervals = Requirements.intervals(context, data.byteSize(), firstInterval);
        if (context.type() == PiType.TYPE_0) {
            return;
        }
        requireTarget(context, metadata, intervals);
        Requirements.apart("data", data, "metadata", metadata);
        if (Fused.serves(context, data, metadata)) {
            Fused.generate(context, data, metadata, firstInterval, intervals);
        } else {
            Contiguous.generate(context, data, metadata, firstInterval, intervals);
        }
    }

    /**
     * Copies intervals and writes the tuple of each copy. The guard is computed over the
     * destination, so it agrees with the copy even if the source changes meanwhile; a copy of a
     * source that changes may mix old bytes and new ones.
     *
     * @param context how to protect
     * @param source whole intervals
     * @param destination where the copy goes, at least as large as the source; no other thread may
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
        long intervals = Requirements.intervals(context, source.byteSize(), firstInterval);
        Requirements.destination(destination.byteSize(), source.byteSize());
        Requirements.writable("destination", destination);
        Requirements.apart("source", source, "destination", destination);
        if (context.type() == PiType.TYPE_0) {
            MemorySegment.copy(source, 0, destination, 0, source.byteSize());
            return;
        }
        requireTarget(context, metadata, intervals);
        Requirements.apart("source", source, "metadata", metadata);
        Requirements.apart("destination", destination, "metadata", metadata);
        if (Fused.serves(context, source, metadata)
                && Fused.serves(context, destination, metadata)) {
            Fused.generateCopy(context, source, destination, metadata, firstInterval, intervals);
        } else {
            Contiguous.generateCopy(
                    context, source, destination, metadata, firstInterval, intervals);
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
        Requirements.numbers(firstInterval, intervals);
        if (context.type() == PiType.TYPE_0) {
            return;
        }
        requireTarget(context, metadata, intervals);
        Contiguous.generateZeros(context, metadata, firstInterval, intervals);
    }

    /**
     * Writes the tuple of an interval whose guard is known, without looking at any data.
     *
     * @param context how to protect; not of type 0
     * @param guard an unsigned number of the format's width
     * @param metadata where the tuple goes
     * @param index the record of the metadata, counted from 0
     * @param interval the number of the interval, 0 or more
     * @throws IndexOutOfBoundsException if the record is not inside the metadata
     * @throws IllegalArgumentException if the metadata is read-only, or the number negative
     */
    public static void putTuple(
            PiContext context, long guard, MemorySegment metadata, long index, long interval) {
        Requirements.numbers(interval, 1);
        long offset = index * context.metadataSize() + context.tupleOffset();
        Tuples.put(context, metadata, offset, guard, interval);
    }

    /**
     * The guard in a tuple.
     *
     * @param context how the data is protected
     * @param metadata the tuples
     * @param index the record of the metadata, counted from 0
     * @return an unsigned number of the format's width
     * @throws IndexOutOfBoundsException if the record is not inside the metadata
     */
    public static long guard(PiContext context, MemorySegment metadata, long index) {
        long offset = index * context.metadataSize() + context.tupleOffset();
        return context.format().guard(metadata, offset);
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
        long intervals = Requirements.intervals(context, data.byteSize(), firstInterval);
        if (context.type() == PiType.TYPE_0) {
            return List.of();
        }
        Requirements.room(context, metadata.byteSize(), intervals);
        if (Fused.serves(context, data, metadata)
                && Fused.matches(context, data, metadata, firstInterval, intervals)) {
            return List.of();
        }
        return Contiguous.verify(context, data, metadata, firstInterval, intervals);
    }

    /**
     * Writes the tuple of each interval. Other metadata is left as it is.
     *
     * @param context how to protect
     * @param blocks whole intervals with their metadata
     * @param firstInterval the number of the first interval, 0 or more
     * @throws IllegalArgumentException if the blocks are not whole intervals with metadata for
     *     each, the metadata is read-only, or {@code firstInterval} negative; nothing is written
     */
    public static void generate(PiContext context, PiBlocks blocks, long firstInterval) {
        Walk.generate(context, blocks, firstInterval);
    }

    /**
     * Compares each interval with its tuple. A tuple that escapes is not compared.
     *
     * @param context how the data was protected
     * @param blocks whole intervals with their metadata
     * @param firstInterval the number of the first interval, 0 or more
     * @return every interval that does not match, in order; empty if all do; unmodifiable
     * @throws IllegalArgumentException if the blocks are not whole intervals with metadata for
     *     each, or {@code firstInterval} is negative
     */
    public static List<PiMismatch> verify(PiContext context, PiBlocks blocks, long firstInterval) {
        return Walk.verify(context, blocks, firstInterval);
    }

    /**
     * Copies intervals and writes the tuple of each copy, whose guard is computed over the
     * destination. From data alone the metadata is inserted: nothing but the tuple is written
     * there. Where the source has metadata it is copied, and the tuple in it replaced: that is what
     * an NVMe device does with PRACT = 1 and metadata larger than the tuple.
     *
     * @param context how to protect
     * @param source whole intervals, with or without metadata
     * @param destination at least as many intervals, with metadata; no other thread may change it
     *     during the call
     * @param firstInterval the number of the first interval, 0 or more
     * @throws IllegalArgumentException if the source is not whole intervals, the destination too
     *     small, read-only or without metadata, one overlaps the other, or {@code firstInterval} is
     *     negative; nothing is written
     */
    public static void generateCopy(
            PiContext context, PiBlocks source, PiBlocks destination, long firstInterval) {
        Walk.generateCopy(context, source, destination, firstInterval);
    }

    /**
     * Copies intervals and compares each copy with its tuple. Into data alone the metadata is
     * stripped; a destination with metadata gets all of it, tuples included, as from an NVMe device
     * with PRACT = 1 and metadata larger than the tuple. Intervals that do not match have been
     * copied too; what is reported is the copy, even if the source changes meanwhile.
     *
     * @param context how the source was protected
     * @param source whole intervals with their metadata
     * @param destination at least as many intervals, with or without metadata; no other thread may
     *     change it during the call
     * @param firstInterval the number of the first interval, 0 or more
     * @return every interval that does not match, in order; empty if all do; unmodifiable
     * @throws IllegalArgumentException if the source is not whole intervals with metadata for each,
     *     the destination too small or read-only, one overlaps the other, or {@code firstInterval}
     *     is negative; nothing is written
     */
    public static List<PiMismatch> verifyCopy(
            PiContext context, PiBlocks source, PiBlocks destination, long firstInterval) {
        return Walk.verifyCopy(context, source, destination, firstInterval);
    }

    /**
     * Gives tuples the reference tags that another seed makes, as when data moves to another place.
     * Guards and other tags stay; tuples that escape are left as they are. Type 3 writes the seed
     * into every tuple and never compares. Without {@link PiCheck#REF_TAG} nothing is done.
     *
     * @param context how the data is protected now
     * @param blocks whole intervals with their metadata; their data is not looked at
     * @param firstInterval the number of the first interval, 0 or more
     * @param refSeed the seed of the new reference tags, in place of {@link PiContext#refSeed}
     * @param check whether the old tags are compared first
     * @return every interval whose old tag was not the one expected, which keeps it; unmodifiable
     * @throws IllegalArgumentException if the blocks are not whole intervals with metadata for
     *     each, the metadata is read-only, or {@code firstInterval} negative; nothing is written
     */
    public static List<PiMismatch> remap(
            PiContext context,
            PiBlocks blocks,
            long firstInterval,
            long refSeed,
            RemapCheck check) {
        return Walk.remap(context, blocks, firstInterval, refSeed, check);
    }

    /**
     * Writes tuples of all ones, which switch every check off: what devices return for blocks that
     * were never written. Other metadata is left as it is.
     *
     * @param context how the data is protected
     * @param blocks whole intervals with their metadata; their data is not looked at
     * @throws IllegalArgumentException if the blocks are not whole intervals with metadata for
     *     each, or the metadata is read-only; nothing is written
     */
    public static void escape(PiContext context, PiBlocks blocks) {
        Walk.escape(context, blocks);
    }

    /**
     * Flips one bit of one interval, for tests of code that verifies. An application tag never
     * becomes 0xFFFF, which would hide the damage. Whether a flip is found depends on the context:
     * on its checks, its mask and its type.
     *
     * @param context how the data is protected
     * @param blocks whole intervals, with metadata unless data is the target
     * @param target what to damage
     * @param random chooses the interval and the bit; the same seed makes the same choice
     * @return what was done
     * @throws IllegalArgumentException if there is no such bit, the blocks are not whole intervals
     *     or lack metadata, or their memory is read-only; nothing is written
     */
    public static PiInjection inject(
            PiContext context, PiBlocks blocks, InjectionTarget target, RandomGenerator random) {
        return Injector.inject(context, blocks, target, random);
    }

    private static void requireTarget(PiContext context, MemorySegment metadata, long intervals) {
        Requirements.room(context, metadata.byteSize(), intervals);
        Requirements.writable("metadata", metadata);
    }
}
