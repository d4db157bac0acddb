/**
 * The contract between the pipeline and the device, and the engine that blocks.
 *
 * <p>{@link io.pinbounce.engine.IoEngine} is the one seam to the outside: whoever implements it
 * replaces everything below, files included, and the whole library above runs on it unchanged. A
 * {@link io.pinbounce.engine.Submission} is one transfer, described the same way to every engine.
 * An {@link io.pinbounce.engine.IoRing} has many of them in flight for one thread, and says in
 * {@link io.pinbounce.engine.Completions} which are done.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.engine;
