package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Layouts and cuts must not matter: results are compared with those of contiguous segments. */
class PiBlocksProperties {

    private static byte[] bytes(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    private static Arrangement arrange(
            ProtectedIntervals intervals, MetadataLayout layout, int cuts, long seed) {
        return Arrangement.random(
                intervals.context(),
                layout,
                bytes(intervals.data()),
                bytes(intervals.metadata()),
                cuts,
                seed);
    }

    @Property(tries = 400)
    void layoutAndCutsDoNotChangeTheResult(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll Set<PiCheck> checks,
            @ForAll MetadataLayout layout,
            @ForAll @IntRange(max = 40) int cuts,
            @ForAll long seed) {
        PiContext checked = context.toBuilder().checks(checks).build();
        ProtectedIntervals right = ProtectedIntervals.random(checked, seed, 7);
        ProtectedIntervals fresh = ProtectedIntervals.random(context, seed, 9);
        Arrangement blocks = arrange(fresh, layout, cuts, seed);
        Pi.generate(checked, blocks.blocks(), 7);
        assertArrayEquals(bytes(right.data()), blocks.data());
        MemorySegment metadata = fresh.metadataCopy();
        Pi.generate(checked, fresh.data(), metadata, 7);
        assertArrayEquals(bytes(metadata), blocks.metadata());
        assertEquals(List.of(), Pi.verify(checked, blocks.blocks(), 7));
    }

    @Property(tries = 400)
    void layoutAndCutsDoNotChangeWhatIsReported(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll MetadataLayout layout,
            @ForAll @IntRange(max = 40) int cuts,
            @ForAll long seed) {
        ProtectedIntervals intervals = ProtectedIntervals.random(context, seed, 7);
        int bits = 8 * (int) context.blockSize();
        SplittableRandom random = new SplittableRandom(seed);
        for (int flip = 0; flip < 4; flip++) {
            intervals.flip(random.nextInt(ProtectedIntervals.COUNT), random.nextInt(bits));
        }
        Arrangement blocks = arrange(intervals, layout, cuts, seed);
        assertEquals(intervals.verify(), Pi.verify(context, blocks.blocks(), 7));
        PiStream stream = PiStream.verifying(context, layout, 7);
        blocks.first.forEach(stream::add);
        blocks.second.forEach(stream::addMetadata);
        assertEquals(intervals.verify(), stream.finish());
    }

    @Property(tries = 400)
    void verifyCopyStripsWhatGenerateCopyInserted(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll MetadataLayout layout,
            @ForAll @IntRange(max = 20) int cuts,
            @ForAll long seed) {
        ProtectedIntervals intervals = ProtectedIntervals.random(context, seed, 3);
        byte[] data = bytes(intervals.data());
        ProtectedIntervals other = ProtectedIntervals.random(context, seed + 1, 0);
        Arrangement stored = arrange(other, layout, cuts, seed);
        List<MemorySegment> source = Arrangement.cut(data, data.length / 3, data.length / 2);
        Pi.generateCopy(context, PiBlocks.dataOnly(source), stored.blocks(), 3);
        MemorySegment metadata = other.metadataCopy();
        Pi.generate(context, intervals.data(), metadata, 3);
        assertArrayEquals(data, stored.data());
        assertArrayEquals(bytes(metadata), stored.metadata());

        List<MemorySegment> target = Arrangement.cut(new byte[data.length], 5, data.length - 7);
        assertEquals(
                List.of(), Pi.verifyCopy(context, stored.blocks(), PiBlocks.dataOnly(target), 3));
        assertArrayEquals(data, Arrangement.join(target));
    }

    /** As a device with PRACT = 1 and metadata that is larger than the tuple. */
    @Property(tries = 400)
    void metadataIsCopiedWhereBothSidesHaveIt(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll MetadataLayout from,
            @ForAll MetadataLayout to,
            @ForAll @IntRange(max = 20) int cuts,
            @ForAll long seed) {
        ProtectedIntervals intervals = ProtectedIntervals.random(context, seed, 3);
        intervals.putTuple(1, new PiTuple(1, 1, 1));
        Arrangement source = arrange(intervals, from, cuts, seed);
        Arrangement target =
                arrange(ProtectedIntervals.random(context, seed + 1, 0), to, cuts, seed + 1);
        List<PiMismatch> mismatches = Pi.verifyCopy(context, source.blocks(), target.blocks(), 3);
        assertEquals(intervals.verify(), mismatches);
        assertArrayEquals(bytes(intervals.metadata()), target.metadata());

        Pi.generateCopy(context, source.blocks(), target.blocks(), 3);
        Pi.generate(context, intervals.data(), intervals.metadata(), 3);
        assertArrayEquals(bytes(intervals.data()), target.data());
        assertArrayEquals(bytes(intervals.metadata()), target.metadata());
    }

    @Property(tries = 400)
    void remappedTagsAreThoseOfTheNewSeed(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll MetadataLayout layout,
            @ForAll RemapCheck check,
            @ForAll @IntRange(max = 20) int cuts,
            @ForAll @LongRange(max = 1L << 50) long firstInterval,
            @ForAll long refSeed) {
        ProtectedIntervals intervals = ProtectedIntervals.random(context, refSeed, firstInterval);
        Arrangement blocks = arrange(intervals, layout, cuts, refSeed);
        PiContext remapped = context.toBuilder().refSeed(refSeed).build();
        assertEquals(List.of(), Pi.remap(context, blocks.blocks(), firstInterval, refSeed, check));
        Pi.generate(remapped, intervals.data(), intervals.metadata(), firstInterval);
        assertArrayEquals(bytes(intervals.metadata()), blocks.metadata());
        assertEquals(List.of(), Pi.verify(remapped, blocks.blocks(), firstInterval));
    }

    @Property(tries = 600)
    void injectedErrorsAreFoundWhereTheyWerePut(
            @ForAll(supplier = Contexts.class) PiContext anyContext,
            @ForAll InjectionTarget target,
            @ForAll MetadataLayout layout,
            @ForAll @IntRange(max = 20) int cuts,
            @ForAll long seed) {
        // A mask would hide application tags, and type 3 does not compare reference tags.
        PiContext context = anyContext.toBuilder().appMask(0xFFFF).type(PiType.TYPE_2).build();
        if (target == InjectionTarget.STORAGE_TAG && context.storageTagSize() == 0) {
            return;
        }
        Arrangement blocks =
                arrange(ProtectedIntervals.random(context, seed, 5), layout, cuts, seed);
        byte[] data = blocks.data();
        byte[] metadata = blocks.metadata();
        PiInjection injection =
                Pi.inject(context, blocks.blocks(), target, new SplittableRandom(seed));
        Injected.requireFound(injection, 5, Pi.verify(context, blocks.blocks(), 5));
        Injected.flip(context, injection, data, metadata);
        assertArrayEquals(data, blocks.data());
        assertArrayEquals(metadata, blocks.metadata());
    }

    @Example
    void injectionNeverMakesAnEscape() {
        PiContext context = PiContext.t10(512).toBuilder().appTag(0xFFFE).build();
        for (long seed = 0; seed < 200; seed++) {
            ProtectedIntervals intervals = ProtectedIntervals.random(context, seed, 0);
            PiBlocks blocks = PiBlocks.separate(intervals.data(), intervals.metadata());
            Pi.inject(context, blocks, InjectionTarget.APP_TAG, new SplittableRandom(seed));
            assertEquals(1, intervals.verify().size(), "seed=" + seed);
        }
    }

    @Property(tries = 200)
    void aRangeConvertedToExtendedBlocksAndBackIsTheSame(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll @LongRange(max = 1L << 40) long offset,
            @ForAll @IntRange(max = 100_000) int length) {
        PiRange data = new PiRange(offset, length);
        assertEquals(data, data.toExtended(context).toData(context));
    }
}
