/**
 * The contract between the pipeline and the device, and the blocking engine.
 *
 * <p>{@link io.pinbounce.internal.engine.IoEngine} is the one seam to the operating system: an
 * implementation of it replaces everything below, files included, and the whole library above runs
 * on it unchanged. A {@link io.pinbounce.internal.engine.Submission} is one transfer, described the
 * same way to every engine. An {@link io.pinbounce.internal.engine.IoRing} has many of them in
 * flight for one thread, and says in {@link io.pinbounce.internal.engine.Completions} which are
 * done; {@link io.pinbounce.internal.engine.PooledRing} is a ring for machines that forbid
 * io_uring, made of a few threads that block.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.engine;
