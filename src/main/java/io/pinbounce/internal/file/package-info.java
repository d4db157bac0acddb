/**
 * What all files that are open on one inode share.
 *
 * <p>{@link io.pinbounce.internal.file.Opener} makes an {@link
 * io.pinbounce.internal.file.OpenFile}, which is a file as its requests see it. That file joins the
 * {@link io.pinbounce.internal.file.Inode}: the {@link io.pinbounce.internal.file.RangeTable} that
 * puts requests in order, the size, and the {@link io.pinbounce.internal.file.Guard} that makes and
 * verifies tuples. {@code GeometryRules} decides what direct I/O needs on the file, with {@code
 * StackRules} for the layers beneath it; {@code OpenTuples} opens the place where tuples are kept;
 * {@link io.pinbounce.internal.file.Errors} is the one place where an error number becomes an
 * exception.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.file;
