/**
 * Direct I/O for Java: what a user opens.
 *
 * <h2>Map</h2>
 *
 * <ul>
 *   <li>{@link io.pinbounce.DirectFile} is a file or block device, opened with {@link
 *       io.pinbounce.DirectOptions}. {@link io.pinbounce.Geometry} says what direct I/O needs
 *       there, and where each value came from; {@link io.pinbounce.Host} what the machine offers.
 *   <li>{@link io.pinbounce.DirectQueue} has many requests in flight for one thread, which takes
 *       each {@link io.pinbounce.Completion}; {@link io.pinbounce.IoService} moves the data of
 *       futures and of virtual threads. {@link io.pinbounce.Engine} says what moves it.
 *   <li>{@link io.pinbounce.Transfer} says how data moves: the caller's memory is <b>pinned</b>, or
 *       data is <b>bounced</b> through memory that nobody else can touch.
 *   <li>{@link io.pinbounce.Protection} says whether protection information <b>guards</b> it.
 *   <li>{@link io.pinbounce.DirectIoException}, {@link io.pinbounce.ProtectionException} and {@link
 *       io.pinbounce.UnstableBufferException} say what went wrong, where, and how far it got.
 * </ul>
 *
 * <h2>One pipeline</h2>
 *
 * <p>Every request passes the same stages. Refusals and waiting happen in the first, so nothing
 * wrong reaches the kernel; every copy and checksum happens in the second and fourth, on the thread
 * that submits and on the one that reaps.
 *
 * <pre>
 *  caller --&gt; admit --&gt; stage-in --&gt; issue --&gt; stage-out --&gt; complete --&gt; caller
 *             check     write: copy   engine    read: verify   free slot,
 *             align,    to bounce +             then copy to   map error,
 *             lock      generate PI             the caller     tell caller
 *             range
 * </pre>
 *
 * <p>{@code Request} is that picture in code, with its kinds {@code ReadRequest}, {@code
 * WriteRequest}, {@code ForceRequest} and {@code TruncateRequest}; {@code Span} is the one place
 * where something is issued again. {@code Inode} holds what all files on the same bytes share: the
 * {@code RangeTable} that puts requests in order, the size, and the {@code Guard} with the tuples.
 *
 * <h2>Three drivers</h2>
 *
 * <p>{@code Admission} lets requests into a file. Who takes one through the pipeline then is the
 * {@code CallingThread} of a blocking call, in a system call of its own or, on a virtual thread,
 * handing each transfer over to a {@code RingThread}; the {@code QueueDriver} of a queue, for all
 * its requests on one ring; or an {@code AsyncCall}, first the caller and then a virtual thread.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce;
