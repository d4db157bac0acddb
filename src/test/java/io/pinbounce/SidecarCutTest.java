package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/**
 * Power cuts under sidecars: {@link CutScenario} after {@link CutScenario}, each from a seed of its
 * own, until the power was cut often enough. {@code -Dpinbounce.simulated.cuts=N} says how often
 * that is; a failure says which seed repeats its scenario, alone, with {@code
 * -Dpinbounce.simulated.cuts=1}.
 */
class SidecarCutTest {

    private static final long CUTS = Long.getLong("pinbounce.simulated.cuts", 4_000);

    private static final long PROGRESS = 100_000;

    private static final int REPEATED = 20;

    /** Nothing in a scenario waits for time to pass: what takes so long waits for itself. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void whatIsReadAfterPowerCutsIsWhatTheContractAllows() {
        long cuts = 0;
        long told = 0;
        for (long seed = Seed.value(); cuts < CUTS; seed++) {
            cuts += run(seed);
            if (cuts - told >= PROGRESS || cuts >= CUTS) {
                told = cuts;
                System.out.println("power cuts under sidecars: " + cuts);
            }
        }
    }

    private static long run(long seed) {
        CutScenario scenario = new CutScenario(seed);
        try {
            return assertTimeoutPreemptively(
                    PATIENCE, scenario::run, () -> scenario.describe("it does not end"));
        } catch (AssertionError e) {
            throw new AssertionError(
                    "repeat with mvn test -Dtest=SidecarCutTest -Dpinbounce.simulated.cuts=1"
                            + (" -Dpinbounce.seed=" + seed + "\n" + e.getMessage()),
                    e);
        }
    }

    @Test
    void aSeedRepeatsAScenarioExactly() {
        for (long seed = Seed.value(); seed < Seed.value() + REPEATED; seed++) {
            CutScenario first = new CutScenario(seed);
            CutScenario second = new CutScenario(seed);
            assertEquals(first.run(), second.run());
            assertEquals(first.describe("done"), second.describe("done"));
        }
    }
}
