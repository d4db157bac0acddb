package io.pinbounce;

import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

/**
 * Power cuts under sidecars: {@link CutScenario} after {@link CutScenario}, each from a seed of its
 * own, until the power was cut often enough. {@code -Dpinbounce.simulated.cuts=N} says how often
 * that is; a failure says which seed repeats its scenario, alone, with {@code
 * -Dpinbounce.simulated.cuts=1}.
 */
class SidecarCutTest {

    private static final long CUTS = Long.getLong("pinbounce.simulated.cuts", 4_000);

    @Test
    void whatIsReadAfterPowerCutsIsWhatTheContractAllows() {
        long cuts = 0;
        for (long seed = Seed.value(); cuts < CUTS; seed++) {
            cuts += run(seed);
        }
        System.out.println("power cuts under sidecars: " + cuts);
    }

    private static long run(long seed) {
        try {
            return new CutScenario(seed).run();
        } catch (AssertionError e) {
            throw new AssertionError(
                    "repeat with mvn test -Dtest=SidecarCutTest -Dpinbounce.simulated.cuts=1"
                            + " -Dpinbounce.seed="
                            + (seed + "\n" + e.getMessage()),
                    e);
        }
    }
}
