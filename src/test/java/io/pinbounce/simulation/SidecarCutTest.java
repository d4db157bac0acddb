package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Power cuts under sidecars: {@link CutScenario} after {@link CutScenario}, each from a seed of its
 * own, until the power was cut often enough. {@code -Dpinbounce.simulated.cuts=N} says how often
 * that is; a failure says which seed repeats its scenario, alone, with {@code
 * -Dpinbounce.simulated.cuts=1}.
 */
class SidecarCutTest {

    private static final long CUTS = Share.of("pinbounce.simulated.cuts", 1_000, 20_000);

    private static final long PROGRESS = 100_000;

    /** Seeds whose scenarios are run several times. */
    private static final long REPEATED = Math.clamp(CUTS / 400, 1, 50);

    @Test
    void whatIsReadAfterPowerCutsIsWhatTheContractAllows() {
        cutPower(CUTS, CutVariant.Kind.NONE);
    }

    /** So the power often goes while a read loads its tuples, which is rare otherwise. */
    @Test
    void readsThatFindNoTuplesAheadAreWhatTheContractAllows() {
        cutPower(Math.max(CUTS / 10, 1), CutVariant.Kind.TUPLES_AHEAD);
    }

    private static void cutPower(long most, CutVariant.Kind variant) {
        long cuts = 0;
        long told = 0;
        for (long seed = Seed.value(); cuts < most; seed++) {
            CutScenario scenario = new CutScenario(seed, variant, UnaryOperator.identity());
            CutTrace.tellSeed(SidecarCutTest.class, seed, scenario::run);
            cuts += scenario.cuts();
            if (cuts - told >= PROGRESS || cuts >= most) {
                told = cuts;
                System.out.println("power cuts under sidecars: " + cuts);
            }
        }
    }

    @Test
    void aSeedRepeatsAScenarioExactly() {
        for (long seed = Seed.value(); seed < Seed.value() + REPEATED; seed++) {
            long repeated = seed;
            CutTrace.tellSeed(
                    SidecarCutTest.class,
                    seed,
                    () -> CutTrace.requireRepeats(told -> trace(repeated, told)));
        }
    }

    @Test
    void canaryScenariosOfTwoSeedsAreNotTheSame() {
        AtomicLong seed = new AtomicLong(1);
        assertThrows(
                AssertionError.class,
                () -> CutTrace.requireRepeats(told -> trace(seed.getAndIncrement(), told)));
    }

    private static void trace(long seed, Consumer<String> told) {
        CutScenario scenario = new CutScenario(seed);
        scenario.listen(told);
        scenario.run();
    }
}
