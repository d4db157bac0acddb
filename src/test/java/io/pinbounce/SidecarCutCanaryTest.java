package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.util.function.UnaryOperator;

/** Shows that {@link SidecarCutTest} can fail: a protocol that lacks something is caught. */
class SidecarCutCanaryTest {

    private static final long MOST_CUTS = 10_000;

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
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
