package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The checks of the properties fail for verifiers that are wrong. */
class PiCanariesTest {

    private static final int TRIES = 200;

    /** Verifiers that are wrong in one way each. */
    enum Wrong implements Function<ProtectedIntervals, List<PiMismatch>> {
        SEES_NOTHING,
        FORGETS_THE_LAST_INTERVAL,
        STOPS_AT_AN_ESCAPE,
        TAKES_HALF_AN_ESCAPE,
        BLAMES_THE_GUARD,
        BLAMES_A_NEIGHBOUR;

        @Override
        public List<PiMismatch> apply(ProtectedIntervals intervals) {
            return intervals.verify().stream()
                    .flatMap(mismatch -> report(intervals, mismatch).stream())
                    .toList();
        }

        private Optional<PiMismatch> report(ProtectedIntervals intervals, PiMismatch right) {
            int index = (int) (right.interval() - intervals.firstInterval());
            boolean reported =
                    switch (this) {
                        case SEES_NOTHING -> false;
                        case FORGETS_THE_LAST_INTERVAL -> index < ProtectedIntervals.COUNT - 1;
                        case STOPS_AT_AN_ESCAPE -> !escapedBefore(intervals, index);
                        case TAKES_HALF_AN_ESCAPE ->
                                right.found().appTag() != PiTuple.ESCAPE_APP_TAG;
                        case BLAMES_THE_GUARD, BLAMES_A_NEIGHBOUR -> true;
                    };
            long interval = right.interval() + (this == BLAMES_A_NEIGHBOUR ? 1 : 0);
            Set<PiCheck> failing =
                    this == BLAMES_THE_GUARD ? Set.of(PiCheck.GUARD) : right.failing();
            return reported
                    ? Optional.of(
                            new PiMismatch(interval, failing, right.expected(), right.found()))
                    : Optional.empty();
        }

        private static boolean escapedBefore(ProtectedIntervals intervals, int index) {
            return IntStream.range(0, index)
                    .anyMatch(i -> intervals.tuple(i).appTag() == PiTuple.ESCAPE_APP_TAG);
        }
    }

    /** Requires that a check fails for some of many random cases. */
    private static void requireNoticed(Function<SplittableRandom, Runnable> check) {
        SplittableRandom random = new SplittableRandom(Seed.value());
        List<AssertionError> noticed = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            try {
                check.apply(random).run();
            } catch (AssertionError e) {
                noticed.add(e);
            }
        }
        assertTrue(!noticed.isEmpty(), "the check never fails");
    }

    private static ProtectedIntervals intervals(SplittableRandom random) {
        return intervals(random, PiType.TYPE_2);
    }

    private static ProtectedIntervals intervals(SplittableRandom random, PiType type) {
        PiContext any = Contexts.random(random.nextLong());
        // Without a mask, any bit of the application tag counts.
        PiContext context = any.toBuilder().appMask(0xFFFF).type(type).build();
        return ProtectedIntervals.random(context, random.nextLong(), 5);
    }

    /** Chooses metadata as often as data, though it is small: some mistakes show only there. */
    private static int bit(SplittableRandom random, PiContext context) {
        int bits = 8 * (int) context.blockSize();
        return random.nextBoolean()
                ? random.nextInt(bits)
                : bits - 1 - random.nextInt(8 * context.metadataSize());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = ".*ESCAPE")
    void canaryTheCheckOfFlippedBitsNoticesWrongVerifiers(Wrong wrong) {
        requireNoticed(
                random -> {
                    ProtectedIntervals intervals = intervals(random);
                    int interval = random.nextInt(ProtectedIntervals.COUNT);
                    int bit = bit(random, intervals.context());
                    return () -> PiProperties.requireFlipFound(wrong, intervals, interval, bit);
                });
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BLAMES_THE_GUARD", "TAKES_HALF_AN_ESCAPE"})
    void canaryTheCheckOfEscapesNoticesWrongVerifiers(Wrong wrong) {
        requireNoticed(
                random -> {
                    ProtectedIntervals intervals = intervals(random);
                    int escaped = random.nextInt(1 << ProtectedIntervals.COUNT);
                    return () ->
                            PiProperties.requireOnlyEscapedHidden(wrong, intervals, escaped, 99);
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"SEES_NOTHING", "TAKES_HALF_AN_ESCAPE"})
    void canaryTheCheckOfHalfEscapesNoticesWrongVerifiers(Wrong wrong) {
        requireNoticed(
                random -> {
                    ProtectedIntervals intervals = intervals(random, PiType.TYPE_3);
                    return () -> PiProperties.requireHalfEscapesHideNothing(wrong, intervals, 99);
                });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = ".*ESCAPE")
    void canaryTheCheckOfInjectionsNoticesWrongVerifiers(Wrong wrong) {
        requireNoticed(
                random -> {
                    ProtectedIntervals intervals = intervals(random);
                    InjectionTarget target =
                            random.nextBoolean() ? InjectionTarget.DATA : InjectionTarget.REF_TAG;
                    PiInjection injection =
                            Pi.inject(
                                    intervals.context(),
                                    PiBlocks.separate(intervals.data(), intervals.metadata()),
                                    target,
                                    random);
                    return () -> Injected.requireFound(injection, 5, wrong.apply(intervals));
                });
    }

    /** The canaries need a canary as well: a check must not fail for the right verifier. */
    @Test
    void canaryTheRightVerifierPassesTheCheckOfEscapes() {
        assertThrows(
                AssertionError.class,
                () ->
                        requireNoticed(
                                random -> {
                                    ProtectedIntervals intervals = intervals(random);
                                    int escaped = random.nextInt(1 << ProtectedIntervals.COUNT);
                                    return () ->
                                            PiProperties.requireOnlyEscapedHidden(
                                                    Verifying.CONTIGUOUS, intervals, escaped, 99);
                                }));
    }
}
