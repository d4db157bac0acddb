package io.pinbounce.tool.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.Transfer;
import io.pinbounce.testing.Seed;
import io.pinbounce.tool.scratch.ScratchTarget;
import io.pinbounce.tool.torture.TorturePlan.Limit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.LongUnaryOperator;

/**
 * Short runs in the build folder, where direct I/O is real on most machines. Cells that must tear
 * go on until they do, or have operated often enough, so that no test depends on the time it gets.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TortureTest {

    private static final List<Transfer> MODES = List.of(Transfer.values());

    private static final int SIZE = 64 << 10;

    private static final TortureCase[] GUARDED = {
        TortureCase.WRITE_RACE,
        TortureCase.READ_RACE,
        TortureCase.SAME_BUFFER_READ,
        TortureCase.MEMSET_WRITE
    };

    /** Over before it begins. */
    private static final Limit NO_TIME = new Limit.Time(Duration.ofNanos(1));

    /** A library that says it bounces, and pins. */
    private static final FaultHook NO_BOUNCE =
            new FaultHook(
                    mode -> mode == Transfer.BOUNCE ? Transfer.PIN : mode,
                    LongUnaryOperator.identity());

    private final Path path = Path.of("target", "torture-" + System.nanoTime() + ".tmp");

    private final long seed = Seed.value();

    private final ScratchTarget target;

    private final WorkingSet set;

    TortureTest() throws IOException {
        target = ScratchTarget.of(path, ScratchTarget.Existing.KEEP);
        set = WorkingSet.open(target);
    }

    @AfterEach
    void removeTarget() throws IOException {
        set.close();
        target.close();
        assertFalse(Files.exists(path));
    }

    @Test
    void bouncingHoldsWherePinningTears() throws IOException {
        TortureReport report =
                run(
                        FaultHook.NONE,
                        new Limit.Time(Duration.ofSeconds(2)),
                        TortureCase.WRITE_RACE,
                        TortureCase.READ_RACE);
        assertEquals(6, report.cells().size());
        for (CellResult cell : report.cells()) {
            assertTrue(cell.counts().mutations() > 0, cell::toString);
            assertEquals(cell.cell().isControl(), cell.counts().torn() > 0, cell::toString);
            assertEquals(0, cell.counts().falseErrors(), cell::toString);
        }
        assertEquals(TortureReport.Verdict.PASS, report.verdict());
    }

    /** The canary: a library that says it bounces, and pins. */
    @Test
    void aLibraryThatDoesNotBounceFails() throws IOException {
        TortureReport report = run(NO_BOUNCE, NO_TIME, GUARDED);
        assertEquals(TortureReport.Verdict.FAIL, report.verdict());
        for (CellResult cell : report.cells()) {
            boolean wrong = cell.counts().wrong() > 0;
            assertEquals(cell.cell().mode() != Transfer.AUTO, wrong, cell::toString);
        }
    }

    /** On a busy machine the time may be up before the first operation is done. */
    @Test
    void aControlThatHasTornNothingGoesOnWhenTheTimeIsUp() throws IOException {
        FaultHook bounces = new FaultHook(_ -> Transfer.BOUNCE, LongUnaryOperator.identity());
        TortureReport report = run(bounces, NO_TIME, TortureCase.WRITE_RACE, TortureCase.READ_RACE);
        assertEquals(TortureReport.Verdict.INCONCLUSIVE, report.verdict());
        for (CellResult cell : report.cells()) {
            assertEquals(
                    cell.cell().isControl() ? Torture.MIN_ROUNDS : 1,
                    cell.counts().operations(),
                    cell::toString);
        }
    }

    @Test
    void aControlEndsWithItsFirstTearWhenTheTimeIsUp() throws IOException {
        TortureReport report = run(FaultHook.NONE, NO_TIME, TortureCase.SAME_BUFFER_READ);
        CellResult control = report.cells().getFirst();
        assertEquals(1, control.counts().torn(), control::toString);
        assertEquals(TortureReport.Verdict.PASS, report.verdict());
    }

    @Test
    void operationsAreCounted() throws IOException {
        TortureReport report =
                run(
                        FaultHook.NONE,
                        new Limit.Operations(7),
                        TortureCase.MEMSET_WRITE,
                        TortureCase.SAME_BUFFER_READ);
        for (CellResult cell : report.cells()) {
            boolean memset = cell.cell().kind() == TortureCase.MEMSET_WRITE;
            assertEquals(7, cell.counts().operations());
            assertEquals(memset ? 7 : 0, cell.counts().mutations(), cell::toString);
        }
    }

    @Test
    void aRunCanBeStopped() throws IOException {
        TorturePlan plan = plan(new Limit.Time(Duration.ofHours(100)), TortureCase.WRITE_RACE);
        Torture torture = new Torture(plan);
        try (DirectQueue queue = plan.openQueue()) {
            assertThrows(
                    CancellationException.class,
                    () ->
                            torture.run(
                                    set,
                                    queue,
                                    (soFar, left) -> {
                                        assertTrue(left.toHours() > 50, left::toString);
                                        torture.stop();
                                    }));
        }
    }

    @Test
    void positionsComeFromTheSeed() {
        SplittableRandom one = new SplittableRandom(seed);
        SplittableRandom other = new SplittableRandom(seed);
        for (int i = 0; i < 1000; i++) {
            for (TortureCase.Direction direction : TortureCase.Direction.values()) {
                long position = set.position(direction, SIZE, one);
                assertEquals(position, set.position(direction, SIZE, other));
                assertEquals(0, position % set.block());
                long start = direction == TortureCase.Direction.READ ? 0 : 32 << 20;
                assertTrue(position >= start, () -> direction + " " + position);
                assertTrue(position + SIZE <= start + (32 << 20), () -> direction + " " + position);
            }
        }
    }

    @Test
    void operationsThatDoNotFitAreRefused() throws IOException {
        TorturePlan large =
                new TorturePlan(
                        TortureCell.all(
                                1, List.of(TortureCase.WRITE_RACE), List.of(48 << 20), MODES),
                        Engine.AUTO,
                        new Limit.Operations(1),
                        seed);
        try (DirectQueue queue = large.openQueue()) {
            IOException refused =
                    assertThrows(
                            IOException.class,
                            () -> new Torture(large).run(set, queue, (soFar, left) -> {}));
            assertTrue(refused.toString().contains("--size"), refused.toString());
        }
    }

    private TortureReport run(FaultHook hook, Limit limit, TortureCase... cases)
            throws IOException {
        TorturePlan plan = plan(limit, cases);
        try (DirectQueue queue = plan.openQueue()) {
            return new Torture(plan, hook).run(set, queue, (soFar, left) -> {});
        }
    }

    private TorturePlan plan(Limit limit, TortureCase... cases) {
        return new TorturePlan(
                TortureCell.all(1, List.of(cases), List.of(SIZE), MODES), Engine.AUTO, limit, seed);
    }
}
