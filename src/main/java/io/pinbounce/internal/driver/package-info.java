/**
 * What takes requests through the pipeline.
 *
 * <p>{@link io.pinbounce.internal.driver.Admission} lets requests into a file. Then one of three
 * drivers takes the request over: {@link io.pinbounce.internal.driver.CallingThread}, the thread of
 * a blocking call, which makes system calls of its own or, if it is virtual, hands each transfer
 * over to {@link io.pinbounce.internal.driver.RingThreads}; {@link
 * io.pinbounce.internal.driver.QueueDriver}, for all requests of a queue on one ring; or {@link
 * io.pinbounce.internal.driver.AsyncCall}, first on the caller's thread and then on a virtual
 * thread.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.driver;
