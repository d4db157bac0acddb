/**
 * What pinning, bouncing and guarding cost on a real target, measured in rounds.
 *
 * <p>A {@link io.pinbounce.bench.Ratio} sums up what was measured in turn. A {@code QueueTraffic}
 * puts {@code Traffic} on a file, {@code Fio} has its rival do the same, {@code CopyTraffic} copies
 * memory beside them; each says what it got done as a {@code Run}, with the {@code CpuTime} that it
 * took.
 *
 * <p>Among the tests, in this package too, are benchmarks for people who change the library: {@code
 * EngineRatios}, {@code SidecarRatios} and {@code GuardRatios} compare pairs, next to targets;
 * {@code DirectFileBenchmark}, {@code DirectQueueBenchmark} and {@code GuardBenchmark} report
 * absolute figures.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.bench;
