/**
 * Proof that guarded files survive the end of their writers, on real kernels and devices.
 *
 * <p>{@link io.pinbounce.crash.CrashWriter} is a program that writes to a {@link
 * io.pinbounce.crash.CrashTarget} and tells what it does, an {@link io.pinbounce.crash.Event} at a
 * time. {@link io.pinbounce.crash.CrashRounds} starts it as a {@link
 * io.pinbounce.crash.WriterProcess}, ends it somewhere in the middle, and has the {@link
 * io.pinbounce.crash.CrashJudge} look at what is left.
 *
 * <p>The judge makes a {@link io.pinbounce.crash.CrashHistory} of what the writer told, reads the
 * {@link io.pinbounce.crash.Contents} of each interval, which tell their versions by themselves as
 * {@link io.pinbounce.crash.CrashLayout} says, and asks each {@link io.pinbounce.crash.Reading}
 * whether it may be.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.crash;
