/**
 * What tests of several packages share: targets to write to, and the question whether they can run.
 *
 * <p>{@link io.pinbounce.testing.Requirements} skips a test on a machine that cannot run it, and
 * fails it where everything is expected to be there; {@link io.pinbounce.testing.LoopTarget} is a
 * loop device, or a file on a file system on one, that lives as long as one test; {@link
 * io.pinbounce.testing.PowerTarget} is a file that forgets what was not synced when its power is
 * cut; {@link io.pinbounce.testing.Command} runs a program and tells how it ended.
 *
 * <p>{@link io.pinbounce.testing.IoTest} is the base of tests that move bytes: a pool, pinned
 * memory, and a check that all came back; {@link io.pinbounce.testing.DiskTest} adds a disk in
 * memory.
 *
 * <p>{@link io.pinbounce.testing.Background} is a call on another thread, which a test watches and
 * whose wait always ends; {@link io.pinbounce.testing.Watchdog} tells of all threads if work does
 * not end; {@link io.pinbounce.testing.ChildJvm} is the command line of another JVM, {@link
 * io.pinbounce.testing.Tour}, {@link io.pinbounce.testing.EntryPoints} and {@link
 * io.pinbounce.testing.NoDescriptors} are programs for one; {@link
 * io.pinbounce.testing.RingsForbidden} takes io_uring away for a moment, {@link
 * io.pinbounce.testing.Seccomp} any system call for good; {@link
 * io.pinbounce.testing.ProcessMemory} asks the kernel what the library has mapped, {@link
 * io.pinbounce.testing.OwnDescriptors} what a test has left open.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.testing;
