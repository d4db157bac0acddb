package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

class PiProperties {

    private static final int INTERVALS = ProtectedIntervals.COUNT;

    @Property(tries = 300)
    void whatWasGeneratedVerifies(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll Set<PiCheck> checks,
            @ForAll long seed,
            @ForAll @LongRange(max = Long.MAX_VALUE - INTERVALS) long firstInterval) {
        PiContext checked = context.toBuilder().checks(checks).build();
        assertEquals(List.of(), ProtectedIntervals.random(checked, seed, firstInterval).verify());
    }

    @Property(tries = 1000)
    void anyFlippedBitIsFoundInTheRightField(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll long seed,
            @ForAll @LongRange(max = 1L << 40) long firstInterval,
            @ForAll @IntRange(max = INTERVALS - 1) int interval,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int anyBit,
            @ForAll boolean inMetadata,
            @ForAll Verifying verifier) {
        ProtectedIntervals intervals = ProtectedIntervals.random(context, seed, firstInterval);
        // Half of the flips go to the metadata, which is small.
        int bit =
                inMetadata
                        ? 8 * context.interval() + anyBit % (8 * context.metadataSize())
                        : anyBit % (8 * context.interval());
        requireFlipFound(verifier, intervals, interval, bit);
    }

    /** Flips a bit, and requires that its field fails in its interval, and nothing else does. */
    static void requireFlipFound(
            Function<ProtectedIntervals, List<PiMismatch>> verifier,
            ProtectedIntervals intervals,
            int interval,
            int bit) {
        int at = intervals.flip(interval, bit);
        List<PiCheck> failing = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (PiMismatch mismatch : verifier.apply(intervals)) {
            failing.addAll(mismatch.failing());
            numbers.add(mismatch.interval());
        }
        List<PiCheck> expected = expected(intervals, interval, at, bit % 8);
        assertEquals(expected, failing);
        long number = intervals.firstInterval() + interval;
        assertEquals(expected.isEmpty() ? List.of() : List.of(number), numbers);
    }

    /** The fields that must fail after the flip of a bit of byte {@code at}. */
    private static List<PiCheck> expected(
            ProtectedIntervals intervals, int interval, int at, int bit) {
        PiContext context = intervals.context();
        PiTuple found = intervals.tuple(interval);
        boolean typeThree = context.type() == PiType.TYPE_3;
        if (found.appTag() == 0xFFFF && (!typeThree || found.refTag() == context.refTagMask())) {
            return List.of();
        }
        int inTuple = at - context.interval() - context.tupleOffset();
        int guardSize = Long.bitCount(context.format().guardMask()) / 8;
        if (inTuple < guardSize) {
            return List.of(PiCheck.GUARD);
        }
        if (inTuple < guardSize + 2) {
            int flipped = 1 << bit << (inTuple == guardSize ? 8 : 0);
            return (context.appMask() & flipped) == 0 ? List.of() : List.of(PiCheck.APP_TAG);
        }
        int fromEnd = 8 * (context.format().tupleSize() - 1 - inTuple) + bit;
        if (fromEnd < 0) {
            return List.of();
        }
        if (fromEnd >= context.refTagSize()) {
            return List.of(PiCheck.STORAGE_TAG);
        }
        return typeThree ? List.of() : List.of(PiCheck.REF_TAG);
    }

    @Property(tries = 600)
    void escapesHideOnlyTheirOwnIntervals(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll long seed,
            @ForAll @IntRange(max = (1 << INTERVALS) - 1) int escaped,
            @ForAll @IntRange(max = 511) int at,
            @ForAll Verifying verifier) {
        ProtectedIntervals intervals = ProtectedIntervals.random(context, seed, 0);
        requireOnlyEscapedHidden(verifier, intervals, escaped, at);
    }

    /**
     * Damages the data of every interval, and lets some escape: bit i of {@code escaped} says
     * whether interval i does. The guards of all other intervals must be reported.
     */
    static void requireOnlyEscapedHidden(
            Function<ProtectedIntervals, List<PiMismatch>> verifier,
            ProtectedIntervals intervals,
            int escaped,
            int at) {
        long escapedRefTag = intervals.context().refTagMask();
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < INTERVALS; i++) {
            intervals.flip(i, 8 * at);
            if ((escaped >>> i & 1) != 0) {
                intervals.putTuple(i, new PiTuple(0, PiTuple.ESCAPE_APP_TAG, escapedRefTag));
            } else {
                expected.add(intervals.firstInterval() + i);
            }
        }
        List<PiMismatch> mismatches = verifier.apply(intervals);
        assertEquals(expected, mismatches.stream().map(PiMismatch::interval).toList());
        for (PiMismatch mismatch : mismatches) {
            assertEquals(Set.of(PiCheck.GUARD), mismatch.failing());
        }
    }

    @Property(tries = 300)
    void halfAnEscapeHidesNothing(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll long seed,
            @ForAll @IntRange(max = 511) int at,
            @ForAll Verifying verifier) {
        ProtectedIntervals intervals = ProtectedIntervals.random(context, seed, 0);
        requireHalfEscapesHideNothing(verifier, intervals, at);
    }

    /**
     * For type 3 the reference tag must be all ones as well; the application tag alone never
     * escapes.
     */
    static void requireHalfEscapesHideNothing(
            Function<ProtectedIntervals, List<PiMismatch>> verifier,
            ProtectedIntervals intervals,
            int at) {
        PiContext context = intervals.context();
        for (int i = 0; i < INTERVALS; i++) {
            intervals.flip(i, 8 * at);
            PiTuple tuple = intervals.tuple(i);
            PiTuple half =
                    context.type() == PiType.TYPE_3
                            ? new PiTuple(tuple.guard(), 0xFFFF, context.refTagMask() - 1)
                            : new PiTuple(tuple.guard(), 0xFFFE, context.refTagMask());
            intervals.putTuple(i, half);
        }
        List<PiMismatch> mismatches = verifier.apply(intervals);
        assertEquals(INTERVALS, mismatches.size());
        for (PiMismatch mismatch : mismatches) {
            assertEquals(PiCheck.GUARD, mismatch.first());
        }
    }

    @Property(tries = 300)
    void copiesAndZerosGetTheSameTuplesAsDataInPlace(
            @ForAll(supplier = Contexts.class) PiContext context, @ForAll long seed) {
        ProtectedIntervals intervals = ProtectedIntervals.random(context, seed, 5);
        MemorySegment data = intervals.data();
        MemorySegment copy = MemorySegment.ofArray(new byte[(int) data.byteSize()]);
        MemorySegment metadata = intervals.metadataCopy();
        Pi.generateCopy(context, data, copy, metadata, 5);
        assertEquals(-1, data.mismatch(copy));
        assertEquals(-1, intervals.metadata().mismatch(metadata));

        MemorySegment ofZeros = intervals.metadataCopy();
        Pi.generate(context, copy.fill((byte) 0), metadata, 5);
        Pi.generateZeros(context, ofZeros, 5, INTERVALS);
        assertEquals(-1, metadata.mismatch(ofZeros));
    }
}
