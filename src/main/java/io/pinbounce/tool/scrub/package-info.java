/**
 * Looking after data that a sidecar guards: reads all of it and says what is damaged, and protects
 * what is not yet protected.
 *
 * <p>A {@link io.pinbounce.tool.scrub.ScrubTarget} is the data with its sidecar, and opens them as
 * they are needed. A {@code Sweep} is the one loop: it goes over a file from beginning to end with
 * many requests of 1 MiB in flight on a {@link io.pinbounce.DirectQueue}, carries on when a request
 * fails because of what is on the disk, and can be stopped. {@link io.pinbounce.tool.scrub.Scrub}
 * has it read, {@link io.pinbounce.tool.scrub.Sealing} has it seal; {@code Findings} collects what
 * is bad, and {@link io.pinbounce.tool.scrub.ScrubReport} and {@link
 * io.pinbounce.tool.scrub.SealReport} are what comes out.
 *
 * <h2>What counts</h2>
 *
 * <p>Every interval that was looked at is one of four: clean, unprotected, damaged, or unreadable.
 * A request that fails with {@link io.pinbounce.ProtectionException} names all that is bad in it;
 * one that the medium refuses is asked for again in parts, so that what is unreadable is as short
 * as can be. A hole is passed over where it is sealed as zeros. Reads are pinned, so each interval
 * is verified once, strictly: no other code knows the memory that is read into.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.tool.scrub;
