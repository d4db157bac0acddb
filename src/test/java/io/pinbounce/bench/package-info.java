/**
 * Benchmarks of the library beside what others offer, for people who change it.
 *
 * <p>{@link io.pinbounce.bench.DirectFileBenchmark} moves data to and from a file, {@link
 * io.pinbounce.bench.DirectQueueBenchmark} does so with many requests at once, {@link
 * io.pinbounce.bench.GuardBenchmark} computes guards; all report absolute figures. {@link
 * io.pinbounce.bench.GuardRatios}, {@link io.pinbounce.bench.EngineRatios} and {@link
 * io.pinbounce.bench.SidecarRatios} compare: sides are measured as {@link
 * io.pinbounce.bench.Paired} says and summed up as a {@link io.pinbounce.bench.Ratio}, which serve
 * any comparison.
 *
 * <p>Sides of the first are {@link io.pinbounce.bench.GuardContestant}s. Those of the others, each
 * row a {@link io.pinbounce.bench.Comparison}, put a {@link io.pinbounce.bench.Traffic} on a {@link
 * io.pinbounce.bench.BenchFile}, and say what they got done as a {@link io.pinbounce.bench.Run}:
 * {@link io.pinbounce.bench.QueueTraffic}, {@link io.pinbounce.bench.VirtualTraffic}, {@link
 * io.pinbounce.bench.SingleReads}, {@link io.pinbounce.bench.CopyTraffic}, and the rival {@link
 * io.pinbounce.bench.Fio}.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.bench;
