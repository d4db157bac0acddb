/**
 * What takes requests through the pipeline.
 *
 * <p>{@link io.pinbounce.internal.driver.Admission} lets requests into a file. Then one of three
 * drivers takes over: {@link io.pinbounce.internal.driver.CallingThread}, the thread of a blocking
 * call, in a system call of its own or, on a virtual thread, handing each transfer over to {@link
 * io.pinbounce.internal.driver.RingThreads}; {@link io.pinbounce.internal.driver.QueueDriver}, for
 * all requests of a queue on one ring; or {@link io.pinbounce.internal.driver.AsyncCall}, first the
 * caller's thread and then a virtual one.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.driver;
