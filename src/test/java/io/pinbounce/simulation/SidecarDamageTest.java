package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.simulation.CutDamage.Guarding;
import io.pinbounce.simulation.CutDamage.Kind;
import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.function.Consumer;

/**
 * Power cuts on disks that lie about flushes, rot, or write elsewhere. As many as {@link
 * SidecarCutTest} makes, a tenth of them for each kind; a failure says which seed repeats it.
 */
class SidecarDamageTest {

    private static final long CUTS = Share.of("pinbounce.simulated.cuts", 1_000, 20_000) / 10;

    @ParameterizedTest
    @EnumSource
    void whatReadsWithoutAnErrorWasWrittenThere(Kind kind) {
        long cuts = 0;
        for (long seed = Seed.value(); cuts <= CUTS; seed++) {
            CutDamage damage = new CutDamage(seed, kind, Guarding.GUARDED);
            CutTrace.tellSeed(SidecarDamageTest.class, seed, damage::run);
            cuts += damage.cuts();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSeedRepeatsItsDamageExactly(Kind kind) {
        CutTrace.tellSeed(
                SidecarDamageTest.class,
                Seed.value(),
                () -> CutTrace.requireRepeats(told -> trace(Seed.value(), kind, told)));
    }

    private static void trace(long seed, Kind kind, Consumer<String> told) {
        CutDamage damage = new CutDamage(seed, kind, Guarding.GUARDED);
        damage.listen(told);
        damage.run();
    }

    @Test
    void canaryDamageOfUnguardedDataIsSeen() {
        assertThrows(
                AssertionError.class,
                () -> {
                    for (long seed = 1; seed < 100; seed++) {
                        new CutDamage(seed, Kind.ROTS_DATA, Guarding.UNGUARDED).run();
                    }
                });
    }
}
