package io.pinbounce.tool.bench;

import io.pinbounce.DirectFile;
import io.pinbounce.Engine;
import io.pinbounce.buffer.PinnedArena;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A column in a row: takes its turn again and again, and keeps what it measured. */
final class ColumnRun {

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(100);

    private static final int DIGITS = 3;

    /** In a shorter window, fio may report no processor time at all. */
    private static final long FIO_NANOS = 100_000_000;

    /** Blocks that are read back after a guarded write. */
    private static final int READ_BACK = 16;

    private final Testbed testbed;

    private final Engine wanted;

    private final BenchRow row;

    private final Column column;

    private final Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);

    private final List<RoundResult> rounds = new ArrayList<>();

    private final List<Latency> fioLatencies = new ArrayList<>();

    private CpuTime cpu = CpuTime.UNKNOWN;

    /** Whether the corruption check has run, which one turn does for all. */
    private boolean corruptionChecked;

    private String refusal = "";

    ColumnRun(Testbed testbed, Engine wanted, BenchRow row, Column column) {
        this.testbed = testbed;
        this.wanted = wanted;
        this.row = row;
        this.column = column;
    }

    Column column() {
        return column;
    }

    /** Once it is refused, it has no more turns. */
    boolean goesOn() {
        return refusal.isEmpty();
    }

    /** Takes a turn whose figures are dropped, but not what its checks find. */
    void warmUp(Window window) throws IOException {
        if (!column.isFio()) {
            measure(window);
            latencies.reset();
        }
    }

    void take(Window window) throws IOException {
        Measurement measured = column.isFio() ? fio(window) : measure(window);
        if (goesOn() && measured.requests() == 0) {
            refusal = "too little ended in its time; give it more --seconds";
        }
        cpu = cpu.plus(measured.cpu());
        rounds.add(RoundResult.of(measured));
    }

    private Measurement fio(Window window) throws IOException {
        Fio.Flags flags = column == Column.FIO ? Fio.Flags.DEFAULT : Fio.Flags.BEST;
        String report =
                Fio.report(
                        testbed.path(),
                        row.traffic(testbed.queue().depth(), testbed.span()),
                        window.atLeast(FIO_NANOS),
                        flags);
        fioLatencies.add(Fio.latency(report));
        if (row.direction() == Direction.WRITE) {
            testbed.written();
        }
        return Fio.parse(report);
    }

    private Measurement measure(Window window) throws IOException {
        QueueTraffic.Observer observer =
                new QueueTraffic.Observer(
                        () -> 0, nanos -> latencies.recordValue(Math.min(nanos, LONGEST_NANOS)));
        try (DirectFile file = testbed.open(column)) {
            boolean reads = row.direction() == Direction.READ;
            if (reads) {
                testbed.guard(column, file);
            }
            PathCheck check = new PathCheck(column, row.direction(), file);
            Traffic traffic = row.traffic(testbed.queue().depth(), testbed.span());
            Measurement measured = testbed.traffic(file, traffic, observer).run(window);
            refuse(check.moved(measured.requests()));
            refuse(check.guarded(testbed.sidecar(), () -> readBack(file, traffic)));
            refuse(PathCheck.direct(testbed.path()));
            refuse(PathCheck.engine(wanted, testbed.queue().engine()));
            if (column.format() != null && !corruptionChecked) {
                corruptionChecked = true;
                refuse(CorruptionCheck.check(file, testbed.path(), traffic.position(0)));
            }
            if (!reads) {
                file.force(); // the next turn must not pay for these writes
                testbed.written();
            }
            return measured;
        }
    }

    private void refuse(String reason) {
        if (refusal.isEmpty()) {
            refusal = reason;
        }
    }

    /**
     * Reads the first blocks of the turn's traffic, which every turn reaches; returns intervals.
     */
    private static long readBack(DirectFile file, Traffic traffic) throws IOException {
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment block = arena.allocate(traffic.size());
            int blocks = Math.min(READ_BACK, traffic.depth());
            for (int i = 0; i < blocks; i++) {
                file.read(block, traffic.position(i));
            }
            return (long) blocks * traffic.size() / Column.INTERVAL;
        }
    }

    /** The figures of all turns, or why there are none. */
    BenchCell result(String fioVersion) {
        String engine = column.isFio() ? fioVersion + ", io_uring" : testbed.queue().engine();
        return goesOn()
                ? new BenchCell(
                        column,
                        engine,
                        rounds,
                        cpu.userShare(),
                        column.isFio() ? Latency.median(fioLatencies) : Latency.of(latencies),
                        "")
                : BenchCell.refused(column, engine, refusal);
    }
}
