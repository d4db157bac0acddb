/**
 * Benchmarks of the library beside what others offer, for people who change it.
 *
 * <p>{@link io.pinbounce.bench.DirectFileBenchmark} moves data to and from a file, {@link
 * io.pinbounce.bench.GuardBenchmark} computes guards; both report absolute figures. {@link
 * io.pinbounce.bench.GuardRatios} compares: its sides are {@link
 * io.pinbounce.bench.GuardContestant}s, measured as {@link io.pinbounce.bench.Paired} says and
 * summed up as a {@link io.pinbounce.bench.Ratio}, which serve any comparison.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.bench;
