/**
 * Aligned memory and its lifetime.
 *
 * <p>{@link io.pinbounce.buffer.PinnedArena} is for callers: memory that direct I/O can use without
 * a copy. {@link io.pinbounce.buffer.BouncePool} is for requests: a bounded number of aligned slots
 * that data passes through when the caller's memory cannot be used, or may change meanwhile. {@link
 * io.pinbounce.buffer.Alignment} is the arithmetic both need.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.buffer;
