package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

class OverlayTest {

    private record Known(State state, long seal) {}

    private final Random random = new Random(Seed.value());

    private final Map<Long, Known> model = new HashMap<>();

    private Overlay overlay = new Overlay();

    private void put(long interval) {
        Known known = new Known(State.of(random.nextInt(4)), random.nextLong());
        overlay.put(interval, known.state, known.seal);
        model.put(interval, known);
    }

    /** Neighbours, and numbers that have the same low bits. */
    private long anyInterval() {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(5_000);
            case 1 -> random.nextLong(Layout.MAX_INTERVALS >>> 20) << 20;
            default -> random.nextLong(Layout.MAX_INTERVALS);
        };
    }

    private void compare() {
        assertEquals(model.size(), overlay.size());
        long[] expected = model.keySet().stream().mapToLong(n -> n).sorted().toArray();
        assertArrayEquals(expected, overlay.intervals());
        SealRun run = new SealRun();
        run.clear(3);
        for (int i = 0; i < 10_000; i++) {
            long interval = anyInterval();
            Known known = model.get(interval);
            assertEquals(known != null, overlay.get(interval, run, 1), "interval=" + interval);
            if (known != null) {
                assertEquals(known, new Known(run.state(1), run.seal(1)));
            }
        }
        for (Map.Entry<Long, Known> entry : model.entrySet()) {
            overlay.get(entry.getKey(), run, 2);
            assertEquals(entry.getValue(), new Known(run.state(2), run.seal(2)));
            TuplePage page = new TuplePage();
            overlay.apply(entry.getKey(), page, 7);
            assertEquals(entry.getValue(), new Known(page.state(7), page.seal(7)));
        }
    }

    @Test
    void anOverlayHoldsWhatWasPutLast() {
        for (int size : new int[] {0, 1, 511, 512, 513, 5_000, 40_000}) {
            while (model.size() < size) {
                put(anyInterval());
            }
            compare();
        }
    }

    @Test
    void intervalsFromAnEndOnAreRemoved() {
        for (int i = 0; i < 3_000; i++) {
            put(random.nextInt(4_000));
        }
        for (long end : new long[] {Long.MAX_VALUE, 4_000, 2_500, 2_499, 8, 1, 0}) {
            overlay = overlay.before(end);
            model.keySet().removeIf(interval -> interval >= end);
            compare();
        }
    }
}
