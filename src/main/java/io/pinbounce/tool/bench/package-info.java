/**
 * The benchmark: what pinning, bouncing and guarding cost on a real target, measured in rounds.
 *
 * <p>A {@link io.pinbounce.tool.bench.BenchPlan} is a list of {@link
 * io.pinbounce.tool.bench.BenchRow}s and of {@link io.pinbounce.tool.bench.Column}s. {@link
 * io.pinbounce.tool.bench.Bench} runs it on a {@code Testbed}, the part of the target that is used:
 * for each row a {@code RowRun} has one {@code ColumnRun} for each column, which take turns, round
 * by round. A turn puts {@code Traffic} on a {@code QueueTraffic}, or has {@code Fio} do the same;
 * {@code CopyTraffic} copies memory in the same rounds. Each turn gives a {@code Measurement}, with
 * the {@code CpuTime} that it took. {@link io.pinbounce.tool.bench.BenchReport} holds the results:
 * a {@link io.pinbounce.tool.bench.BenchCell} for each row and column, and a {@link
 * io.pinbounce.tool.bench.Ratio} for each pair of {@code Ratios}.
 *
 * <h2>What a figure needs to be published</h2>
 *
 * <p>A column that ran in another way than its name says has no figures, but a reason. {@code
 * PathCheck} looks at what the file counted as pinned, bounced, repeated and unverified; at the
 * flags that the kernel reports of its descriptors; at the queue's engine; and whether a sidecar is
 * there. {@code CorruptionCheck} changes an interval without the guarded file's knowledge, and a
 * read must find that. Tests open a column's file with other options to show that each of these is
 * noticed.
 *
 * <h2>What is measured</h2>
 *
 * <p>Processor time is that of all threads of the process but those that compile, from {@code
 * schedstat}, in nanoseconds; how it splits into user and kernel mode is from {@code stat}, in
 * hundredths of a second, summed over all rounds. Latency is from the call that asks to the call
 * that hands back, of every request of all rounds. Opening, sealing and forcing are not measured; a
 * turn of writes starts when what was written before has been forced.
 *
 * <h2>Among the tests</h2>
 *
 * <p>In this package too are benchmarks for developers of the library: {@code EngineRatios}, {@code
 * SidecarRatios} and {@code GuardRatios} compare pairs, next to targets; {@code
 * DirectFileBenchmark}, {@code DirectQueueBenchmark} and {@code GuardBenchmark} report absolute
 * figures.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.tool.bench;
