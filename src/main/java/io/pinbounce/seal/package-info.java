/**
 * Where the tuples of protection information live for files and devices that have no room for them.
 *
 * <p>{@link io.pinbounce.seal.TupleStore} is what the pipeline needs of such a place; {@link
 * io.pinbounce.seal.MemoryTuples} keeps them in memory, for tests and caches, as long as the file
 * is open.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.seal;
