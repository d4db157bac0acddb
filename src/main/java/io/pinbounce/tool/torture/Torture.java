package io.pinbounce.tool.torture;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.tool.torture.CellRun.Setting;
import io.pinbounce.tool.torture.TorturePlan.Limit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The stable-page torture test: runs a plan on a target and counts what tears.
 *
 * <pre>{@code
 * try (ScratchTarget target = ScratchTarget.of(path, ScratchTarget.Existing.KEEP);
 *      DirectQueue queue = plan.openQueue();
 *      WorkingSet set = WorkingSet.open(target)) {
 *     TortureReport report = new Torture(plan).run(set, queue, (soFar, left) -> {});
 *     System.out.println(report.verdict());
 * }
 * }</pre>
 *
 * <p>One thread runs it; any other may {@link #stop} it.
 */
public final class Torture {

    private static final long UPDATE_NANOS = Duration.ofMillis(100).toNanos();

    /**
     * Rounds that a cell which has shown nothing yet runs at least, even when its time is over: on
     * a busy machine its share of the time may not hold a single operation. Operations in flight
     * together are one round, since they are disturbed together.
     */
    static final int MIN_ROUNDS = 200;

    private final TorturePlan plan;

    private final FaultHook hook;

    private volatile boolean stopped;

    /**
     * A test that has not run yet.
     *
     * @param plan what to run
     */
    public Torture(TorturePlan plan) {
        this(plan, FaultHook.NONE);
    }

    /**
     * A test of a library with faults, to see that they are noticed.
     *
     * @param hook the faults
     */
    Torture(TorturePlan plan, FaultHook hook) {
        this.plan = plan;
        this.hook = hook;
    }

    /** Makes the run end soon, with a {@link CancellationException}. */
    public void stop() {
        stopped = true;
    }

    /**
     * Fills the working set and runs all cells.
     *
     * @param set the part of the target that is used
     * @param queue the plan's, opened by this thread
     * @param progress is told how the run gets on
     * @return what was counted
     * @throws IOException if the target is too small, full, or fails in a way that is no tear
     * @throws CancellationException if it was stopped
     */
    public TortureReport run(WorkingSet set, DirectQueue queue, TortureProgress progress)
            throws IOException {
        for (TortureCell cell : plan.cells()) {
            set.requireRoomFor(cell);
        }
        set.prepare(plan.cells().getFirst().kind(), plan.seed(), () -> stopped);
        List<CellResult> results = new ArrayList<>();
        Clock clock = new Clock();
        for (TortureCell cell : plan.cells()) {
            set.prepare(cell.kind(), plan.seed(), () -> stopped);
            clock.startCell();
            try (DirectFile file = set.open(hook.mode().apply(cell.mode()));
                    CellRun run = start(new Setting(cell, set, file, plan.seed()), queue)) {
                run.run(
                        operations -> {
                            clock.update(progress, run, operations);
                            return !stopped && clock.goOn(run, operations);
                        });
                results.add(run.result());
                clock.endCell();
            }
            if (stopped) {
                throw new CancellationException("the test was stopped");
            }
        }
        return new TortureReport(results);
    }

    /** Prepares a cell, and starts what disturbs its buffers. */
    private CellRun start(Setting setting, DirectQueue queue) {
        if (plan.isBlocking(setting.cell())) {
            return new BlockingRun(setting);
        }
        InFlightBatch batch = new InFlightBatch(queue, hook);
        return switch (setting.cell().kind()) {
            case OUT_OF_ORDER -> new OrderRun(setting, batch);
            case REWRITE -> new RewriteRun(setting, batch);
            case WRITE_RACE,
                    READ_RACE,
                    SAME_BUFFER_READ,
                    MEMSET_WRITE,
                    UNGUARDED_WRITE,
                    UNGUARDED_READ ->
                    new InFlightBatchRun(setting, batch);
        };
    }

    /** Whether a cell has not shown yet what its case is about, or the fault that it must show. */
    private boolean isBlind(CellRun run) {
        CellResult soFar = run.result();
        return soFar.verdict().isBlind()
                || (hook.showsIn(soFar.cell()) && soFar.counts().wrong() == 0);
    }

    /** Tells when a cell is done, and how long the run still takes. */
    private final class Clock {

        private final long startNanos = System.nanoTime();

        private long cellStartNanos = startNanos;

        private long updatedNanos = startNanos;

        private int cellsDone;

        /** Rounds of the cell that is running. */
        private int rounds;

        void startCell() {
            rounds = 0;
            cellStartNanos = System.nanoTime();
        }

        void endCell() {
            cellsDone++;
        }

        /** Whether the cell goes on after a round of operations. */
        boolean goOn(CellRun run, long operations) {
            rounds++;
            return switch (plan.limit()) {
                case Limit.Operations(long perCell) -> operations < perCell;
                case Limit.Time(Duration total) -> {
                    // The cells that are left share the time that is left, so that a slow cell
                    // shortens the others a little and does not lengthen the run.
                    long share =
                            (total.toNanos() - (cellStartNanos - startNanos))
                                    / (plan.cells().size() - cellsDone);
                    yield System.nanoTime() - cellStartNanos < share
                            || (rounds < MIN_ROUNDS && isBlind(run));
                }
            };
        }

        void update(TortureProgress progress, CellRun run, long operations) {
            long now = System.nanoTime();
            if (now - updatedNanos >= UPDATE_NANOS) {
                updatedNanos = now;
                progress.update(run.result(), left(now - startNanos, operations));
            }
        }

        private Duration left(long elapsedNanos, long operations) {
            return switch (plan.limit()) {
                case Limit.Time(Duration total) -> total.minusNanos(elapsedNanos);
                case Limit.Operations(long perCell) -> {
                    double share =
                            (cellsDone + (double) operations / perCell) / plan.cells().size();
                    yield Duration.ofNanos((long) (elapsedNanos / share - elapsedNanos));
                }
            };
        }
    }
}
