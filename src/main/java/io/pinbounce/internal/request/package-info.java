/**
 * A request on its way through the five stages.
 *
 * <pre>
 *  caller --&gt; admit --&gt; stage-in --&gt; issue --&gt; stage-out --&gt; complete --&gt; caller
 *             check     write: copy   engine    read: verify   free slot,
 *             align,    to bounce +             then copy to   map error,
 *             lock      generate PI             the caller     tell caller
 *             range
 * </pre>
 *
 * <p>{@link io.pinbounce.internal.request.Request} is that picture in code; {@code ReadRequest},
 * {@code WriteRequest}, {@code SealRequest}, {@code TruncateRequest}, {@code AllocateRequest} and
 * {@code ForceRequest} are its kinds. {@link io.pinbounce.internal.request.Buffers} is the memory
 * of a request, {@code RequestRange} its range of the file, {@code RequestSlot} its slot of the
 * pool; only {@code Span} issues a transfer again.
 *
 * <p>A write has more pieces: {@code UnitRange}, the whole units that it covers; {@code WritePart},
 * the part that is under way; {@code PartialUnits}, old bytes that are kept; {@code WriteGuard} and
 * {@code GuardedWrite}, its tuples; {@code LogRecord}, their way to the log; {@code SizeChange},
 * the size of the file; {@code Refusal} and {@code Settling}, what follows a failure.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.request;
