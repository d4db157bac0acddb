/**
 * Protection information (T10 DIF and DIX, NVMe) over memory segments: a small tuple for every
 * interval of data, which finds data that changed, and data that is not where it belongs. Usable
 * without the rest of Pinbounce.
 *
 * <h2>The tuple</h2>
 *
 * <pre>{@code
 * byte  0       1       2       3       4       5       6       7
 *     +-------+-------+-------+-------+-------+-------+-------+-------+
 *     |     guard     |    app tag    |            ref tag            |   big-endian
 *     +-------+-------+-------+-------+-------+-------+-------+-------+
 *       CRC of the      the caller's    the number of the interval
 *       interval        own 16 bits     (types 1 and 2)
 * }</pre>
 *
 * <p>Each interval has {@code metadataSize} bytes of metadata, in which the tuple comes first or
 * last. The guard covers the data, and then the metadata in front of the tuple:
 *
 * <pre>{@code
 * FIRST   [ data ............ ] [ tuple ][ metadata ... ]      guard: data
 * LAST    [ data ............ ] [ metadata ... ][ tuple ]      guard: data, metadata
 * }</pre>
 *
 * <h2>Rules</h2>
 *
 * <ul>
 *   <li><b>Types.</b> Types 1 and 2: the reference tag is the seed plus the interval's number,
 *       truncated to its width. Type 3: the seed in every tuple, never compared. Type 0: no tuples.
 *   <li><b>Checks.</b> A field that is not checked is written as 0 and not compared. Failures are
 *       reported together; the first is the one that NVMe reports: guard, application tag,
 *       reference tag.
 *   <li><b>Escape.</b> A stored application tag of 0xFFFF switches the checks of that interval off
 *       (types 1 and 2); for type 3 the reference tag must be all ones as well. Devices return such
 *       tuples for blocks that were never written. It is looked at before anything is compared, and
 *       therefore no writer may choose 0xFFFF.
 *   <li><b>Zeros.</b> With guard seed 0 a 16-bit guard of zeros is 0: a zero tuple then matches a
 *       zero interval where the expected tags are 0 too.
 * </ul>
 *
 * <p>These are the rules of T10 SBC-3 and the NVM Command Set specification as SPDK's {@code
 * lib/util/dif.c}, QEMU's {@code hw/nvme/dif.c} and Linux's {@code block/t10-pi.c} (6.18) carry
 * them out; where they differ, the NVMe reading is followed.
 *
 * <h2>Example</h2>
 *
 * {@snippet :
 * PiContext context = PiContext.t10(4096);
 * try (Arena arena = Arena.ofConfined()) {
 *     MemorySegment copy = arena.allocate(source.byteSize());
 *     MemorySegment tuples = arena.allocate(source.byteSize() / 4096 * context.metadataSize());
 *     Pi.generateCopy(context, source, copy, tuples, firstInterval);
 *     for (PiMismatch mismatch : Pi.verify(context, copy, tuples, firstInterval)) {
 *         System.err.println(mismatch);
 *     }
 * }
 * }
 *
 * <h2>Map</h2>
 *
 * <p>{@link io.pinbounce.pi.Pi} does the work, as a {@link io.pinbounce.pi.PiContext} says; {@link
 * io.pinbounce.pi.PiFormat} knows the layout of a {@link io.pinbounce.pi.PiTuple}, {@link
 * io.pinbounce.pi.PiType} and {@link io.pinbounce.pi.TuplePosition} its meaning and its place, and
 * {@link io.pinbounce.pi.PiMismatch} reports which {@link io.pinbounce.pi.PiCheck} failed.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.pi;
