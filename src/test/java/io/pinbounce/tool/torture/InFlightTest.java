package io.pinbounce.tool.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * Short runs with many requests in flight, on the ring where there is one, and on threads. What
 * must be seen is waited for by counting, so that no test depends on the time it gets.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InFlightTest {

    private static final int SIZE = 16 << 10;

    private static final int DEPTH = 16;

    private static final List<Transfer> MODES = List.of(Transfer.values());

    private final Path path = Path.of("target", "torture-" + System.nanoTime() + ".tmp");

    private final long seed = Seed.value();

    private final ScratchTarget target;

    private final WorkingSet set;

    InFlightTest() throws IOException {
        target = ScratchTarget.of(path, ScratchTarget.Existing.KEEP);
        set = WorkingSet.open(target);
    }

    @AfterEach
    void removeTarget() throws IOException {
        set.close();
        target.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "SYSCALL"})
    void bouncingHoldsWherePinningTears(Engine engine) throws IOException {
        TortureReport report = run(engine, FaultHook.NONE, TortureCase.values());
        assertEquals(3 * TortureCase.values().length, report.cells().size());
        for (CellResult cell : report.cells()) {
            assertEquals(cell.cell().isControl(), cell.counts().wrong() > 0, cell::toString);
            assertEquals(0, cell.counts().misplaced(), cell::toString);
            if (engine == Engine.SYSCALL) {
                assertEquals("threads", cell.engine());
            }
        }
        assertEquals(TortureReport.Verdict.PASS, report.verdict());
    }

    /** The canary: a library that says it bounces, and pins. */
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "SYSCALL"})
    void aLibraryThatDoesNotBounceFails(Engine engine) throws IOException {
        FaultHook pins =
                new FaultHook(
                        mode -> mode == Transfer.BOUNCE ? Transfer.PIN : mode,
                        LongUnaryOperator.identity());
        TortureReport report =
                run(
                        engine,
                        pins,
                        TortureCase.WRITE_RACE,
                        TortureCase.READ_RACE,
                        TortureCase.REWRITE);
        assertEquals(TortureReport.Verdict.FAIL, report.verdict());
        for (CellResult cell : report.cells()) {
            boolean wrong = cell.counts().wrong() > 0;
            assertEquals(cell.cell().mode() != Transfer.AUTO, wrong, cell::toString);
        }
    }

    /**
     * The canary: completions that are swapped, that of a read with that of its own write, or that
     * of a write with that of the next read; or come twice; or under a token of no request.
     */
    @ParameterizedTest
    @CsvSource({"1, 0", "3, 0", "0, 1", "16, 0"})
    void aLibraryThatSwapsCompletionsFails(int flipped, int cleared) throws IOException {
        FaultHook swaps =
                new FaultHook(UnaryOperator.identity(), token -> (token ^ flipped) & ~cleared);
        TortureReport report = run(Engine.AUTO, swaps, TortureCase.OUT_OF_ORDER);
        assertEquals(TortureReport.Verdict.FAIL, report.verdict());
        for (CellResult cell : report.cells()) {
            assertTrue(cell.counts().misplaced() > 0, cell::toString);
        }
    }

    @Test
    void operationsInFlightAreNotCutShort() throws IOException {
        TorturePlan plan =
                new TorturePlan(
                        TortureCell.all(DEPTH, List.of(TortureCase.values()), List.of(SIZE), MODES),
                        Engine.AUTO,
                        new Limit.Operations(17),
                        seed);
        for (CellResult cell : run(plan, FaultHook.NONE).cells()) {
            long each = cell.cell().kind() == TortureCase.REWRITE ? DEPTH / 2 : DEPTH;
            assertEquals((17 + each - 1) / each * each, cell.counts().operations());
        }
    }

    private TortureReport run(Engine engine, FaultHook hook, TortureCase... cases)
            throws IOException {
        List<TortureCell> cells = TortureCell.all(DEPTH, List.of(cases), List.of(SIZE), MODES);
        Limit limit = new Limit.Time(Duration.ofMillis(150L * cells.size()));
        return run(new TorturePlan(cells, engine, limit, seed), hook);
    }

    private TortureReport run(TorturePlan plan, FaultHook hook) throws IOException {
        try (DirectQueue queue = plan.openQueue()) {
            return new Torture(plan, hook).run(set, queue, (soFar, left) -> {});
        }
    }
}
