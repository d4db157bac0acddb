package io.pinbounce.tool.bench;

import io.pinbounce.DirectOptions;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/**
 * The benchmark: measures a plan on a target, whose data is lost.
 *
 * <pre>{@code
 * BenchReport report = new Bench(plan).run(path, sidecar, new BenchProgress() {});
 * report.rows().forEach(row -> print(row.ratios()));
 * }</pre>
 *
 * <p>One thread runs it; any other may {@link #stop} it.
 */
public final class Bench {

    private final BenchPlan plan;

    private final UnaryOperator<DirectOptions> options;

    private volatile boolean stopped;

    /**
     * A benchmark that has not run yet.
     *
     * @param plan what to measure
     */
    public Bench(BenchPlan plan) {
        this(plan, UnaryOperator.identity());
    }

    /**
     * A benchmark whose columns run in another way than their names say, for tests of its checks.
     *
     * @param options changes the options that a column's file is opened with
     */
    Bench(BenchPlan plan, UnaryOperator<DirectOptions> options) {
        this.plan = plan;
        this.options = options;
    }

    /** Makes the run end soon, with a {@link CancellationException}. */
    public void stop() {
        stopped = true;
    }

    /**
     * Fills the target and measures all rows.
     *
     * @param path the file or device, written over from its start
     * @param sidecar where a sidecar may be made; the caller removes it afterwards
     * @param progress is told how the run gets on
     * @return what was measured
     * @throws IOException if direct I/O is not real there, or the target is too small, or fails
     * @throws CancellationException if it was stopped
     */
    public BenchReport run(Path path, Path sidecar, BenchProgress progress) throws IOException {
        long start = System.nanoTime();
        Machine machine = Machine.here();
        String fio = plan.columns().stream().anyMatch(Column::isFio) ? Fio.version() : "";
        List<RowResult> results = new ArrayList<>();
        try (Testbed testbed = new Testbed(plan, path, sidecar, options)) {
            testbed.fill(plan, () -> stopped);
            BenchTarget target = testbed.target();
            progress.begins(target);
            long end = start + plan.total().toNanos();
            for (BenchRow row : plan.rows()) {
                RowRun run = new RowRun(testbed, plan, row);
                long left = end - System.nanoTime();
                run.run(
                        left / (plan.rows().size() - results.size()),
                        (column, round) ->
                                progress.turn(
                                        row,
                                        column,
                                        round,
                                        Duration.ofNanos(end - System.nanoTime())),
                        () -> stopped);
                if (stopped) {
                    throw new CancellationException("the benchmark was stopped");
                }
                RowResult result = run.result(row, fio);
                results.add(result);
                progress.row(result);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            return new BenchReport(machine, target, plan, results, took);
        }
    }
}
