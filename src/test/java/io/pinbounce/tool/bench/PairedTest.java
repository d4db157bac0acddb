package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

class PairedTest {

    private final List<String> calls = new ArrayList<>();

    /** Measures 0, 1, 2, ... */
    private Callable<Integer> counting(String name) {
        int[] next = {0};
        return () -> {
            calls.add(name);
            return next[0]++;
        };
    }

    @Test
    void sidesTakeTurnsAndTheFirstMeasurementIsDropped() throws Exception {
        Paired<Integer> paired = Paired.measure(3, counting("a"), counting("b"));
        assertEquals(List.of("a", "b", "a", "b", "b", "a", "a", "b"), calls);
        assertEquals(new Paired<>(List.of(1, 2, 3), List.of(1, 2, 3)), paired);
    }

    /** A machine that gets slower all the time: the ratio is the same in each pair. */
    @Test
    void driftCancelsOut() {
        List<Double> theirs = IntStream.range(1, 20).mapToObj(i -> 100.0 / i).toList();
        Paired<Double> paired = new Paired<>(theirs.stream().map(v -> 2 * v).toList(), theirs);
        assertEquals(new Ratio(2, 2, 2), paired.ratio(v -> v));
        assertEquals(10, Paired.median(theirs, v -> v));
        assertEquals(new Ratio(4, 4, 4), paired.ratio(v -> v * v));
    }

    @Test
    void aSideThatFailsEndsTheMeasurement() {
        Callable<Integer> failing =
                () -> {
                    throw new IOException("no disk");
                };
        assertThrows(IOException.class, () -> Paired.measure(3, failing, () -> 1));
    }
}
