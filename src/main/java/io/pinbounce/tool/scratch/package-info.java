/**
 * What a run may write over.
 *
 * <p>A {@link io.pinbounce.tool.scratch.ScratchTarget} is a file or block device that the user has
 * named, or a temporary file where direct I/O is real. It refuses data that is to stay, and what
 * {@code SidecarCheck} finds to be protected, before anything is written, and puts back afterwards
 * what can be put back.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.tool.scratch;
