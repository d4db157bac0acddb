/**
 * What takes requests through the pipeline.
 *
 * <p>A call on a file starts in {@link io.pinbounce.internal.driver.FileCalls}, which makes a
 * request. {@link io.pinbounce.internal.driver.Admission} lets requests into a file. Then one of
 * three drivers takes the request over: {@link io.pinbounce.internal.driver.CallingThread}, the
 * thread of a blocking call, which makes system calls of its own or, if it is virtual, hands each
 * transfer over to {@link io.pinbounce.internal.driver.RingThreads}; {@link
 * io.pinbounce.internal.driver.QueueDriver}, for all requests of a queue on one ring; or {@link
 * io.pinbounce.internal.driver.AsyncCall}, first on the caller's thread and then on a virtual
 * thread.
 *
 * <p>A queue has {@code QueueSlots} with a {@code QueuedRequest} each, a {@code QueueRing}, the
 * list {@code Told} of requests that may go on, and a {@link io.pinbounce.internal.driver.Reaper}
 * that hands completions over. A {@code RingThread} takes each transfer as a {@code RingJob}.
 * {@link io.pinbounce.internal.driver.ChosenRing} opens the best ring that is allowed.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.driver;
