/**
 * How threads wait, and how queues and files end whose owner has ended or forgot them.
 *
 * <p>{@link io.pinbounce.internal.thread.ThreadWait} parks a thread, or carries on with the queues
 * that it owns: {@link io.pinbounce.internal.thread.QueueOwner} lists them, and closes a queue
 * whose owner has ended. {@link io.pinbounce.internal.thread.AsyncResult} is a future that waits
 * that way. {@link io.pinbounce.internal.thread.Gate} counts requests in and out, so that closing
 * can wait for them; {@link io.pinbounce.internal.thread.Dropped} closes what the user forgot.
 * Calls that block are made, on behalf of a virtual thread, by {@link
 * io.pinbounce.internal.thread.ControlThreads}.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.thread;
