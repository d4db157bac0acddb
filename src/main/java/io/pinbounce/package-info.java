/**
 * Direct I/O for Java: what a user opens.
 *
 * <h2>Map</h2>
 *
 * <ul>
 *   <li>{@link io.pinbounce.DirectFile} is a file or block device, opened with {@link
 *       io.pinbounce.DirectOptions}. {@link io.pinbounce.Geometry} says what direct I/O needs
 *       there, and where each value came from; {@link io.pinbounce.Host} says what the machine
 *       offers.
 *   <li>{@link io.pinbounce.DirectQueue} has many requests in flight for one thread, which takes
 *       each {@link io.pinbounce.Completion}; {@link io.pinbounce.IoService} moves the data of
 *       futures and of virtual threads. {@link io.pinbounce.Engine} says what moves that data.
 *   <li>{@link io.pinbounce.Transfer} says how data moves: the caller's memory is <b>pinned</b>, or
 *       data is <b>bounced</b> through memory that only the library uses.
 *   <li>{@link io.pinbounce.Protection} says whether protection information <b>guards</b> it.
 *   <li>{@link io.pinbounce.DirectIoException}, {@link io.pinbounce.ProtectionException} and {@link
 *       io.pinbounce.UnstableBufferException} say what went wrong, where, and how far it got.
 * </ul>
 *
 * <h2>Native access</h2>
 *
 * <p>Java must be started with {@code --enable-native-access=ALL-UNNAMED}, or {@code =io.pinbounce}
 * if the library is on the module path. If native access is denied, whatever opens files, queues or
 * services, or maps memory, throws {@link java.lang.IllegalCallerException}, whose message names
 * the flag; {@link io.pinbounce.pi} goes on in Java.
 *
 * <h2>Inside</h2>
 *
 * <p>What moves the bytes is in {@code io.pinbounce.internal}, from the kernel up: {@code linux},
 * {@code crc}, {@code engine}, {@code uring}, {@code sidecar}, {@code thread}, {@code file}, {@code
 * request}, {@code driver}. Every request passes the same stages, which {@code internal.request}
 * draws. Refusals, and waiting for a range, happen in the first, so nothing wrong reaches the
 * kernel; waiting for a slot, and every copy and checksum, happen in the second and fourth, on the
 * thread that submits and on the one that reaps. The command line is in {@code io.pinbounce.tool}.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce;
