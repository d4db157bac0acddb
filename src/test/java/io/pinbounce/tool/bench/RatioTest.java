package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;
import java.util.stream.IntStream;

class RatioTest {

    private static double[] descending(int n) {
        return IntStream.rangeClosed(1, n).mapToDouble(i -> n + 1 - i).toArray();
    }

    /** Ranks from tables of the sign test. */
    @ParameterizedTest
    @CsvSource({"6, 1", "8, 1", "9, 2", "11, 2", "12, 3", "15, 4", "20, 6", "31, 10", "100, 40"})
    void intervalStartsAtTheRankOfTheSignTest(int n, int rank) {
        Ratio ratio = Ratio.of(descending(n));
        assertEquals(new Ratio((n + 1) / 2.0, rank, n + 1 - rank), ratio);
    }

    @Test
    void theIntervalIsKnownForUpTo1000Values() {
        assertEquals(469, Ratio.rank(1000));
    }

    @Test
    void aTargetIsMissedOnlyIfTheWholeIntervalLiesBelow() {
        Ratio ratio = new Ratio(0.98, 0.95, 1.0);
        assertFalse(ratio.misses(1.0));
        assertTrue(ratio.misses(1.01));
        assertEquals("0.98 [0.95 1.00]", ratio.toString());
    }

    @Test
    void aLimitIsExceededOnlyIfTheWholeIntervalLiesAbove() {
        Ratio ratio = new Ratio(1.02, 1.0, 1.05);
        assertFalse(ratio.exceeds(1.0));
        assertTrue(ratio.exceeds(0.99));
    }

    @Test
    void ratiosWithoutAMedianAreRefused() {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Ratio.of(1, 2, 3, 4, 5))
                        .getMessage();
        assertEquals("The median's interval takes 6 to 1000 values, values=5", message);
        assertThrows(IllegalArgumentException.class, () -> Ratio.of(new double[1001]));
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> Ratio.of(1, 1, wrong, 1, 1, 1));
        }
    }

    /** How often the interval that starts at a rank holds the median 1 of skewed values. */
    private static double coverage(int n, int rank) {
        Random random = new Random(Seed.value());
        int tries = 20_000;
        int held = 0;
        for (int i = 0; i < tries; i++) {
            double[] sorted =
                    random.doubles(n).map(u -> Math.log(1 - u) / Math.log(0.5)).sorted().toArray();
            held += sorted[rank - 1] <= 1 && 1 <= sorted[n - rank] ? 1 : 0;
        }
        return (double) held / tries;
    }

    @ParameterizedTest
    @CsvSource({"15", "31"})
    void intervalHoldsTheMedianOfAnyDistribution(int n) {
        assertTrue(coverage(n, Ratio.rank(n)) > 0.955);
    }

    @ParameterizedTest
    @CsvSource({"15", "31"})
    void canaryANarrowerIntervalIsNoticed(int n) {
        assertTrue(coverage(n, Ratio.rank(n) + 1) < 0.945);
    }
}
