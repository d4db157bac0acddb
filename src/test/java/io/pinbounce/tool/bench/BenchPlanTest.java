package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Engine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;

class BenchPlanTest {

    private static final List<BenchRow> ROWS =
            BenchRow.all(
                    List.of(Direction.WRITE, Direction.READ),
                    List.of(AccessPattern.values()),
                    List.of(4096, 1 << 20));

    private static BenchPlan plan(int depth, int rounds, long millis, long span) {
        return new BenchPlan(
                ROWS,
                List.of(Column.values()),
                depth,
                Engine.AUTO,
                rounds,
                Duration.ofMillis(millis),
                span);
    }

    /** A sidecar is sealed once for all reads, since writes come after them. */
    @Test
    void readsComeBeforeWrites() {
        assertEquals(8, ROWS.size());
        assertTrue(ROWS.subList(0, 4).stream().allMatch(r -> r.direction() == Direction.READ));
        assertEquals("sequential read", ROWS.getFirst().title());
    }

    @Test
    void onlyReadsAreLazy() {
        BenchPlan plan = plan(16, 6, 100_000, 0);
        assertTrue(plan.columnsOf(ROWS.getFirst()).contains(Column.LAZY));
        assertTrue(!plan.columnsOf(ROWS.getLast()).contains(Column.LAZY));
    }

    @Test
    void thereIsRoomForAllRequestsAtOnce() {
        assertEquals(16L << 20, plan(16, 6, 100_000, 0).neededSpan());
        assertEquals(32L << 20, plan(17, 6, 100_000, 0).neededSpan());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 6, 100000, 0, depth=0",
        "5000, 6, 100000, 0, depth=5000",
        "16, 5, 100000, 0, rounds=5",
        "16, 1001, 1000000, 0, rounds=1001",
        "16, 6, 4000, 0, needed=4200 ms",
        "16, 6, 100000, 8388608, size=8388608",
        "16, 6, 100000, 50331648, size=50331648",
        "32, 6, 100000, 16777216, needed=33554432"
    })
    void whatCannotBeMeasuredIsRefused(int depth, int rounds, long millis, long span, String hint) {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> plan(depth, rounds, millis, span))
                        .getMessage();
        assertTrue(String.valueOf(message).contains(hint), message);
    }

    @ParameterizedTest
    @CsvSource({"512", "0", "12288", "-4096"})
    void sizesThatAreNoPowersOfTwoFrom4096AreRefused(int size) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new BenchRow(Direction.READ, AccessPattern.RANDOM, size));
    }

    /**
     * Turns and the time outside them take no more than the round has, unless that is too little.
     */
    @ParameterizedTest
    @CsvSource({"1000, 0, 6", "1000, 400, 6", "350, 100, 8", "100000, 99000, 3"})
    void aRoundFitsItsTime(long millis, long overhead, int turns) {
        Window window = RowRun.window(millis * 1_000_000, overhead * 1_000_000, turns);
        long turn = window.rampNanos() + window.nanos();
        assertTrue((turns + 1) * turn + overhead * 1_000_000 <= millis * 1_000_000);
        assertTrue(turn >= BenchPlan.SHORTEST_TURN.toNanos());
    }

    @Test
    void aRoundWithoutTimeIsShortButNotEmpty() {
        Window window = RowRun.window(1, 1_000_000_000, 6);
        assertEquals(BenchPlan.SHORTEST_TURN.toNanos(), window.rampNanos() + window.nanos());
    }
}
