package io.pinbounce.tool.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.Transfer;
import io.pinbounce.testing.MemoryDisk;
import io.pinbounce.testing.Seed;
import io.pinbounce.tool.torture.CheckingDevice.Manner;
import io.pinbounce.tool.torture.TorturePlan.Limit;
import io.pinbounce.tool.torture.TortureReport.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/** Cells without a guard, on a simulated disk that checks what it is given, or does not. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class UnguardedTest {

    private static final Path PATH = Path.of("/disk");

    private static final int SIZE = 4096;

    private static final int DEPTH = 16;

    private static final Limit WORK = new Limit.Operations(3 * DEPTH);

    private static final List<TortureCase> UNGUARDED =
            List.of(TortureCase.UNGUARDED_WRITE, TortureCase.UNGUARDED_READ);

    private final MemoryDisk disk = MemoryDisk.of(SIZE);

    @ParameterizedTest
    @EnumSource(Manner.class)
    void aTargetThatChecksWhatItIsGivenFindsFaultWithPinAlone(Manner manner) throws IOException {
        disk.engine().fault(new CheckingDevice(manner));
        TortureReport report = run(FaultHook.NONE, cells(UNGUARDED, Transfer.PIN, Transfer.BOUNCE));
        assertEquals(Verdict.PASS, report.verdict(), report::toString);
        for (CellResult cell : report.cells()) {
            boolean pinned = cell.cell().mode() == Transfer.PIN;
            boolean refuses =
                    manner == Manner.REFUSES && cell.cell().kind() == TortureCase.UNGUARDED_WRITE;
            assertEquals(pinned && refuses, cell.counts().refused() > 0, cell::toString);
            assertEquals(pinned && !refuses, cell.counts().unreadable() > 0, cell::toString);
            assertEquals(0, cell.counts().unmatched(), cell::toString);
        }
    }

    /** The canary: the disk does not say that it needs memory to hold still, so AUTO pins. */
    @Test
    void anAutoThatPinsOnATargetThatHidesItsNeedsFails() throws IOException {
        disk.engine().fault(new CheckingDevice(Manner.TAKES));
        TortureReport report =
                run(
                        FaultHook.NONE,
                        cells(
                                List.of(TortureCase.UNGUARDED_WRITE),
                                Transfer.BOUNCE,
                                Transfer.AUTO));
        assertEquals(Verdict.FAIL, report.verdict(), report::toString);
        for (CellResult cell : report.cells()) {
            assertEquals(
                    cell.cell().mode() == Transfer.AUTO
                            ? CellResult.Verdict.FAILED
                            : CellResult.Verdict.HELD,
                    cell.verdict(),
                    cell::toString);
        }
    }

    /** The canary: a library that says it bounces, and pins. */
    @ParameterizedTest
    @EnumSource(Manner.class)
    void aLibraryThatDoesNotBounceFails(Manner manner) throws IOException {
        disk.engine().fault(new CheckingDevice(manner));
        FaultHook pins = new FaultHook(_ -> Transfer.PIN, LongUnaryOperator.identity());
        TortureReport report = run(pins, cells(UNGUARDED, Transfer.BOUNCE));
        for (CellResult cell : report.cells()) {
            assertEquals(CellResult.Verdict.FAILED, cell.verdict(), cell::toString);
        }
    }

    /** Guarded and unguarded cells alternate, so the disk is filled anew between them. */
    @Test
    void aTargetThatDoesNotCheckLeavesTheVerdictToTheGuardedCases() throws IOException {
        List<TortureCell> cells = cells(UNGUARDED, Transfer.values());
        assertEquals(Verdict.INCONCLUSIVE, run(FaultHook.NONE, cells).verdict());
        List<TortureCell> mixed = new ArrayList<>(cells);
        mixed.addAll(cells(List.of(TortureCase.SAME_BUFFER_READ), Transfer.values()));
        mixed.addAll(cells);
        TortureReport report = run(FaultHook.NONE, mixed);
        assertEquals(Verdict.PASS, report.verdict(), report::toString);
        assertEquals(4, report.unjudgedCases().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 4 << 20})
    void unguardedWritesInFlightLieSideBySide(int length) throws IOException {
        List<TortureCell> cells =
                TortureCell.all(
                        DEPTH,
                        List.of(TortureCase.UNGUARDED_WRITE),
                        List.of(SIZE),
                        List.of(Transfer.PIN));
        run(FaultHook.NONE, cells, length, new Limit.Operations(20 * DEPTH));
        int together = Math.min(DEPTH, length / 2 / SIZE);
        Set<Long> inFlight = new HashSet<>();
        int batches = 0;
        for (String line : disk.engine().log()) {
            String[] words = line.split("[ +]", -1); // such as WRITE 4096+512
            long position = Long.parseLong(words[1]);
            if (position < length / 2 || Long.parseLong(words[2]) != SIZE) {
                continue; // fills the disk
            }
            if (words[0].equals("WRITE")) {
                assertTrue(inFlight.add(position), line);
            } else if (!inFlight.isEmpty()) { // reads back what was in flight
                assertEquals(together, inFlight.size(), line);
                inFlight.clear();
                batches++;
            }
        }
        assertEquals((20 * DEPTH + together - 1) / together, batches);
    }

    private static List<TortureCell> cells(List<TortureCase> kinds, Transfer... modes) {
        List<TortureCell> cells = new ArrayList<>();
        for (int depth : List.of(1, DEPTH)) {
            cells.addAll(TortureCell.all(depth, kinds, List.of(SIZE), List.of(modes)));
        }
        return cells;
    }

    private TortureReport run(FaultHook hook, List<TortureCell> cells) throws IOException {
        return run(hook, cells, 1 << 20, WORK);
    }

    private TortureReport run(FaultHook hook, List<TortureCell> cells, long length, Limit limit)
            throws IOException {
        try (DirectFile file = disk.open(PATH, DirectOptions.readWrite().create())) {
            file.truncate(length);
        }
        TorturePlan plan = new TorturePlan(cells, Engine.AUTO, limit, Seed.value());
        try (DirectQueue queue = disk.queue(DEPTH);
                WorkingSet set = WorkingSet.open(PATH, DirectIo.REQUIRED, disk::open)) {
            return new Torture(plan, hook).run(set, queue, (soFar, left) -> {});
        }
    }
}
