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
final class Turn {

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(100);

    private static final int DIGITS = 3;

    /** Less than this, and fio finds that it took no processor time at all. */
    private static final long FIO_NANOS = 100_000_000;

    /** Blocks that are read back after a guarded write. */
    private static final int READ_BACK = 16;

    private final Stage stage;

    private final Engine wanted;

    private final BenchRow row;

    private final Column column;

    private final Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);

    private final List<Round> rounds = new ArrayList<>();

    private final List<Latency> fioLatencies = new ArrayList<>();

    private CpuTime cpu = CpuTime.UNKNOWN;

    /** Whether the file was tampered with yet, which is not done in every turn. */
    private boolean tried;

    private String refusal = "";

    Turn(Stage stage, Engine wanted, BenchRow row, Column column) {
        this.stage = stage;
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

    /** What is measured is thrown away, but not what is found to be wrong. */
    void warmUp(Window window) throws IOException {
        if (!column.isFio()) {
            measure(window);
            latencies.reset();
        }
    }

    void take(Window window) throws IOException {
        Run run = column.isFio() ? fio(window) : measure(window);
        if (goesOn() && run.requests() == 0) {
            refusal = "too little ended in its time; give it more --seconds";
        }
        cpu = cpu.plus(run.cpu());
        rounds.add(Round.of(run));
    }

    private Run fio(Window window) throws IOException {
        Fio.Flags flags = column == Column.FIO ? Fio.Flags.DEFAULT : Fio.Flags.BEST;
        String report =
                Fio.report(
                        stage.path(),
                        row.traffic(stage.queue().depth(), stage.span()),
                        window.atLeast(FIO_NANOS),
                        flags);
        fioLatencies.add(Fio.latency(report));
        if (row.direction() == Direction.WRITE) {
            stage.written();
        }
        return Fio.parse(report);
    }

    private Run measure(Window window) throws IOException {
        QueueTraffic.Observer observer =
                new QueueTraffic.Observer(
                        () -> 0, nanos -> latencies.recordValue(Math.min(nanos, LONGEST_NANOS)));
        try (DirectFile file = stage.open(column)) {
            boolean reads = row.direction() == Direction.READ;
            if (reads) {
                stage.guard(column, file);
            }
            Proof proof = new Proof(column, row.direction(), file);
            Traffic traffic = row.traffic(stage.queue().depth(), stage.span());
            Run run = stage.traffic(file, traffic, observer).run(window);
            refuse(proof.moved(run.requests()));
            refuse(proof.guarded(stage.sidecar(), () -> readBack(file, traffic)));
            refuse(Proof.direct(stage.path()));
            refuse(Proof.engine(wanted, stage.queue().engine()));
            if (column.format() != null && !tried) {
                tried = true;
                refuse(Tampering.check(file, stage.path(), traffic.position(0)));
            }
            if (!reads) {
                file.force(); // the next must not pay for it
                stage.written();
            }
            return run;
        }
    }

    private void refuse(String reason) {
        if (refusal.isEmpty()) {
            refusal = reason;
        }
    }

    /** The first blocks of the turn's traffic, which it has been at for certain. */
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

    /** What comes of it all. */
    BenchCell result(String fioVersion) {
        String engine = column.isFio() ? fioVersion + ", io_uring" : stage.queue().engine();
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
