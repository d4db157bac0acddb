/**
 * The whole library on a disk in memory, through power cuts, kills, lying disks and flipped bits.
 *
 * <p>{@code SidecarCutTest} runs scenarios: in each, {@code CutTraffic} makes random requests on a
 * {@code CutMachine} until that ends, {@code CutRecovery} opens the files again, and {@code
 * CutJudge} compares what it reads with what {@code CutOracle} allows. {@code CutVariant} leaves
 * out one of the library's orderings, for the canaries.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.simulation;
