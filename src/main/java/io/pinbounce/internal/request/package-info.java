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
 * of a request; only {@code Span} issues a transfer again.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.request;
