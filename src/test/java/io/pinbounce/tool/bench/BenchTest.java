package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectOptions;
import io.pinbounce.Engine;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

class BenchTest {

    private static final int ROUNDS = 6;

    private static final List<Column> OURS =
            List.of(
                    Column.PIN,
                    Column.BOUNCE,
                    Column.BOUNCE_16B,
                    Column.BOUNCE_64B,
                    Column.JOURNAL,
                    Column.LAZY);

    private final Path path = Path.of("target", "bench-" + System.nanoTime() + ".tmp");

    private final Path sidecar = path.resolveSibling(path.getFileName() + ".pi");

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(sidecar);
    }

    private static BenchPlan plan(List<Direction> directions, List<Column> columns) {
        return new BenchPlan(
                BenchRow.all(directions, List.of(AccessPattern.SEQUENTIAL), List.of(64 << 10)),
                columns,
                4,
                Engine.AUTO,
                ROUNDS,
                Duration.ofMillis(1500),
                16 << 20);
    }

    private BenchReport run(BenchPlan plan, UnaryOperator<DirectOptions> options)
            throws IOException {
        Files.createFile(path);
        return new Bench(plan, options).run(path, sidecar, new BenchProgress() {});
    }

    private static List<String> refused(BenchReport report) {
        return report.rows().stream()
                .flatMap(result -> result.cells().stream())
                .filter(cell -> !cell.isPublished())
                .map(cell -> cell.column() + ": " + cell.refusal())
                .toList();
    }

    @Test
    void everyColumnHasFiguresInEveryRow() throws IOException {
        BenchReport report = run(plan(List.of(Direction.values()), OURS), UnaryOperator.identity());
        assertEquals(List.of(), refused(report));
        assertEquals(0, report.refusals());
        assertEquals(2, report.rows().size());
        assertEquals(6, report.rows().getFirst().cells().size());
        assertEquals(5, report.rows().getLast().cells().size());
        for (RowResult result : report.rows()) {
            assertEquals(ROUNDS, result.copyNanos().size());
            assertTrue(result.copyMicros() > 0);
            for (BenchCell cell : result.cells()) {
                assertEquals(ROUNDS, cell.rounds().size());
                assertTrue(cell.median(RoundResult::iops) > 0, cell.toString());
                assertTrue(cell.median(RoundResult::cpuMicros) > 0, cell.toString());
                assertTrue(cell.userShare() >= 0 && cell.userShare() <= 1, cell.toString());
                assertTrue(cell.latency().p50() > 0, cell.toString());
                assertTrue(cell.latency().p999() >= cell.latency().p99(), cell.toString());
            }
        }
        assertEquals(7, report.rows().getFirst().ratios().size());
    }

    /** Each column has one turn in a round, and each round begins with another column. */
    @Test
    void columnsTakeTurns() throws IOException {
        List<String> turns = new ArrayList<>();
        Files.createFile(path);
        new Bench(plan(List.of(Direction.READ), List.of(Column.PIN, Column.BOUNCE)))
                .run(
                        path,
                        sidecar,
                        new BenchProgress() {
                            @Override
                            public void turn(
                                    BenchRow row, Column column, int round, Duration left) {
                                turns.add(round + " " + column);
                            }
                        });
        List<String> expected = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            boolean even = round % 2 == 0;
            expected.add(round + " " + (even ? Column.PIN : Column.BOUNCE));
            expected.add(round + " " + (even ? Column.BOUNCE : Column.PIN));
        }
        assertEquals(expected, turns);
    }

    @Test
    void canaryAPinnedColumnThatBouncesHasNoFigures() throws IOException {
        List<Column> columns = List.of(Column.PIN, Column.BOUNCE);
        BenchReport report =
                run(
                        plan(List.of(Direction.values()), columns),
                        options -> options.transfer(Transfer.BOUNCE));
        List<String> refused = refused(report);
        assertEquals(2, refused.size(), refused.toString());
        for (String reason : refused) {
            assertTrue(
                    reason.startsWith("PIN: requests did not move as they should: pinned=0"),
                    reason);
        }
        assertEquals(2, report.refusals());
        assertEquals(List.of(), report.rows().getFirst().ratios());
    }

    @Test
    void canaryABouncedColumnThatPinsHasNoFigures() throws IOException {
        BenchReport report =
                run(
                        plan(List.of(Direction.READ), List.of(Column.BOUNCE)),
                        options -> options.transfer(Transfer.PIN));
        assertTrue(refused(report).getFirst().contains("bounced=0"), refused(report)::toString);
    }

    @Test
    void canaryAGuardedColumnWithoutGuardsHasNoFigures() throws IOException {
        BenchReport report =
                run(
                        plan(List.of(Direction.WRITE), List.of(Column.BOUNCE_16B)),
                        options -> options.protection(Protection.none()));
        assertTrue(
                refused(report).getFirst().contains("nothing is verified"),
                refused(report)::toString);
    }

    @Test
    void canaryAJournalWithoutASidecarHasNoFigures() throws IOException {
        BenchReport report =
                run(
                        plan(List.of(Direction.WRITE), List.of(Column.JOURNAL)),
                        options -> options.protection(Protection.t10(Column.INTERVAL).memory()));
        assertTrue(
                refused(report).getFirst().contains("there is no sidecar"),
                refused(report)::toString);
    }

    @Test
    void aStoppedBenchmarkEndsAndLeavesNothingOpen() throws IOException {
        Files.createFile(path);
        Bench bench = new Bench(plan(List.of(Direction.READ), OURS));
        bench.stop();
        assertThrows(
                CancellationException.class,
                () -> bench.run(path, sidecar, new BenchProgress() {}));
        assertTrue(PathCheck.direct(path).startsWith("the file is not open"));
    }
}
