/**
 * Aligned memory and its lifetime.
 *
 * <p>{@link io.pinbounce.buffer.PinnedArena} is for callers: memory that direct I/O can use as it
 * is. {@link io.pinbounce.buffer.BouncePool} is for requests: a bounded stock of aligned slots that
 * data passes through when the caller's memory cannot be used, or must not be trusted to hold
 * still. {@link io.pinbounce.buffer.Alignment} is the arithmetic both need.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.buffer;
