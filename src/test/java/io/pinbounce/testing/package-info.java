/**
 * What tests of several packages share: targets to write to, and the question whether they can run.
 *
 * <p>{@link io.pinbounce.testing.Requirements} skips a test on a machine that cannot run it, and
 * fails it where everything is expected to be there; {@link io.pinbounce.testing.LoopTarget} is a
 * loop device, or a file on a file system on one, that lives as long as one test; {@link
 * io.pinbounce.testing.Command} runs a program and tells how it ended.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.testing;
