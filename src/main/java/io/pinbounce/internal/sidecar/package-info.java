/**
 * Where the tuples of protection information live for files and devices that have no room for them.
 *
 * <p>{@link io.pinbounce.internal.sidecar.TupleStore} is what the pipeline needs of such a place:
 * {@link io.pinbounce.internal.sidecar.MemoryTuples} keeps them as long as the file is open, {@link
 * io.pinbounce.internal.sidecar.Sidecar} for good. Both keep a <i>seal</i> of 64 bits for each
 * interval, which {@link io.pinbounce.internal.sidecar.Seals} makes of its tuple and its data.
 *
 * <h2>The file</h2>
 *
 * <p>A sidecar is sparse, little-endian, and made of sectors of 512 bytes that check themselves
 * ({@link io.pinbounce.internal.sidecar.Sector}); a sector that was never written is all zeros. It
 * takes 1/488 of the data for intervals of 4096 bytes, and a constant:
 *
 * <pre>
 *        0  superblock, odd and even sequences in turn        4096 each, 512 used
 *     4096  superblock                                        {@link Superblock}
 *     8192  log: groups of intents, a circle                  as long as the superblock says
 *           {@code LogSector} draws a sector of it
 *        M  map page 0: which of the next tuple pages exist   4096, a bit for each of 32,256 pages
 *           {@code PageMap} draws a sector of it
 *   M+4096  a copy of it                                      4096, in case of damage
 *   M+8192  tuple pages 0 to 32,255                           4096 each, 488 intervals
 *           {@code TuplePage} draws a sector of it
 *        .  map page 1, and its tuple pages, and so on
 *
 *   M  = 8192 + bytes of the log
 *   interval i: page p = i / 488, in that page sector (i % 488) / 61, in that sector i % 61
 *   page p    : M + (p / 32,256) * 32,258 * 4096 + (2 + p % 32,256) * 4096
 * </pre>
 *
 * <p>An interval without a tuple page was never written: it is one of zeros, or, below a number
 * that the superblock has, one of data that was there before the sidecar was and is unprotected.
 * Nothing is inferred from what a tuple looks like.
 *
 * <h2>Data and sidecar</h2>
 *
 * <p>The superblock names the data's inode, and that alone makes a sidecar the data's own. It is
 * looked for where the user says, beside the data's names, and where an attribute of the data says
 * ({@link io.pinbounce.internal.sidecar.SidecarPlace}, {@code Tie}). The attribute also tells that
 * there was a sidecar if it is gone; it names the data's inode, too, so that it does not bind a
 * copy that carries it. Writers set it, once the sidecar is durable:
 *
 * <pre>
 *   data without a name, locked  --&gt;  sidecar without a name, locked, whole, durable
 *   --&gt;  the sidecar's name, durable  --&gt;  the attribute  --&gt;  the data's name, durable
 * </pre>
 *
 * <p>So no name leads to data without its sidecar. A process that ends in between leaves at the
 * most a sidecar without data; the next process that makes the data finds it unlocked, finds no
 * data of that name, and replaces it.
 *
 * <h2>Writing, {@link io.pinbounce.internal.sidecar.SidecarSpec.Mode#JOURNAL}</h2>
 *
 * <p>Data is never written twice. Each arrow is a flush or a durable write that is waited for:
 *
 * <pre>
 *   intents of a group   --&gt;  log, durable  --&gt;  data is sent, and completes
 *   force()                   the data is forced; its seals are in the log already
 *   checkpoint                the data is forced  --&gt;  tuple pages  --&gt;  map  --&gt;
 *                             superblock, whose tail frees the groups whose data is in place
 * </pre>
 *
 * <p>So at any moment every version that the disk may hold of an interval has its seal either on
 * its tuple page or in the log: the page has the seal that was last forced and checkpointed, the
 * log all seals since. Data that is unprotected has its seal logged before it is first written
 * over. A failed write leaves its candidate behind, which does no harm.
 *
 * <p>A smaller size is logged, too, with the seal that the interval will have in which the new end
 * lies, and the one that it has if it is unprotected; the file is cut; and a checkpoint forgets
 * what lay behind before the cut is reported, so that what comes back later is zeros.
 *
 * <h2>Recovery</h2>
 *
 * <p>A sidecar that was not closed in order is recovered by the next writer: it forces the data and
 * the sidecar, since what a cache still holds may go at the next cut; reads the log; and takes for
 * each interval that is on record there the newest candidate, or the page's seal, that matches all
 * 64 bits of what is on the disk. If none does, the interval is damaged: it was torn. What lies
 * behind the end of the file is forgotten. A checkpoint makes that durable. Cut anywhere, recovery
 * starts over and finds the same, since the log is freed last. A reader does the same in memory,
 * and writes nothing.
 *
 * <p>A group whose sectors are not all there was never durable, so none of its data was sent, and
 * it does not count. No sector is ever half there: one whose check is wrong is damage, and is
 * reported.
 *
 * <h2>{@link io.pinbounce.internal.sidecar.SidecarSpec.Mode#NONE}</h2>
 *
 * <p>Nothing is logged. A force is a checkpoint; intervals that were written since the last one may
 * read as errors after a cut, until they are written again.
 *
 * <h2>What it cannot know</h2>
 *
 * <p>A disk that says it has flushed and has not may come back with an older version of an
 * interval, whole, whose seal the log still has: that passes. A version that is not in the log any
 * more, or a mixture, is an error. A sidecar vouches for its own data alone: the superblock names
 * device, inode and length, and other data is refused.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.sidecar;
