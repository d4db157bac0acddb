package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.util.function.UnaryOperator;

/**
 * Shows that {@link SidecarCutTest} can fail: a protocol that lacks something is caught. What each
 * canary is for:
 *
 * <ul>
 *   <li>{@code LATE_LOG}: data before its log. What was sent then has no candidate: good intervals
 *       are errors.
 *   <li>{@code NO_DATA_FLUSH}: a checkpoint that does not force the data. It frees the candidates
 *       of what the disk goes back to.
 *   <li>{@code EARLY_RETIREMENT}: candidates that are retired before their tuples are durable. The
 *       pages go back to what was there before, and the log knows no better.
 *   <li>{@code NO_FORCE_IN_RECOVERY}: a recovery that judges what a killed process has left in the
 *       cache, and retires the other candidates. The next cut takes it.
 *   <li>{@code MAP_BEFORE_PAGES}: a map that tells of tuple pages before they are there. They read
 *       as lost.
 *   <li>{@code SEALS_FORGED}: a log whose hashes are all the same. What is torn passes for whole.
 * </ul>
 */
class SidecarCutCanaryTest {

    private static final long MOST_CUTS = 10_000;

    @ParameterizedTest
    @EnumSource(
            names = {"NONE", "TUPLES_AHEAD"},
            mode = Mode.EXCLUDE)
    void canaryAnOrderingThatIsLeftOutIsCaught(CutVariant.Kind variant) {
        requireCaught(variant.name(), variant, UnaryOperator.identity());
    }

    /**
     * Seals that cannot tell versions from each other, nor from what is torn between them, are what
     * guards alone are to {@link CutContent#GUARDS_FORGED}, which {@link SidecarCutTest} writes.
     */
    @Test
    void canarySealsThatAreAllTheSameAreCaught() {
        requireCaught(
                "SEALS_FORGED", CutVariant.Kind.NONE, setup -> setup.with(CutContent.SEALS_FORGED));
    }

    private static void requireCaught(
            String what, CutVariant.Kind variant, UnaryOperator<CutSetup> change) {
        long cuts = 0;
        String caught = "";
        for (long seed = 1; cuts < MOST_CUTS && caught.isEmpty(); seed++) {
            CutScenario scenario = new CutScenario(seed, variant, change);
            try {
                scenario.run();
            } catch (AssertionError e) {
                caught = String.valueOf(e.getMessage());
            }
            cuts += scenario.cuts();
        }
        assertFalse(caught.isEmpty(), what + " was not caught, cuts=" + cuts);
        System.out.println(
                what
                        + " is caught after "
                        + cuts
                        + " power cuts: "
                        + caught.lines().findFirst().orElseThrow());
    }
}
