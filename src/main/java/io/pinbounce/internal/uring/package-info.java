/**
 * The ring: many transfers in flight for one thread, through Linux's io_uring (io_uring(7)).
 *
 * <p>{@link io.pinbounce.internal.uring.UringEngine} opens a {@link
 * io.pinbounce.internal.uring.UringRing}, which is made of these:
 *
 * <ul>
 *   <li>{@code RingSetup} tries what the kernel supports ({@code RingFeatures}), {@code KernelRing}
 *       maps the ring, and {@code RingTrial} enters it for the first time.
 *   <li>{@code SubmissionQueue} and {@code CompletionQueue} are the two queues in shared memory;
 *       {@code RingEnter} is the one call between them, and {@code RingLoop} makes it until enough
 *       is done.
 *   <li>{@code Transfers} turns submissions into entries and completions into results; {@code
 *       UserData} connects the two.
 *   <li>{@code FileTable} and {@code BufferTable} are the registered files and memory.
 *   <li>{@code Waker} ends a wait from other threads. {@code TeardownWatch} tells when the kernel
 *       is done with a ring whose owner has died.
 *   <li>{@code SqeLayout}, {@code CqeLayout}, {@code ParamsLayout} and {@code RegisterLayout} are
 *       the numbers of linux/io_uring.h, compared with the C compiler's by a test.
 * </ul>
 *
 * <p>Two of io_uring's modes are left out. {@code IORING_SETUP_IOPOLL} fails with EOPNOTSUPP on
 * every device without poll queues, which is nearly all of them as they are set up. {@code
 * IORING_SETUP_SQPOLL} has a kernel thread spin for each ring, to save a call that moves a whole
 * batch.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.uring;
