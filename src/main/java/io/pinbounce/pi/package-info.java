/**
 * Protection information (T10 DIF and DIX, NVMe) over memory segments: a small tuple for every
 * interval of data, which finds data that changed, and data that is not where it belongs. Usable
 * without the rest of Pinbounce.
 *
 * <h2>The tuple</h2>
 *
 * <pre>{@code
 * +-------------------+---------------+-------------+-----------+
 * | guard             | app tag       | storage tag | ref tag   |   big-endian
 * +-------------------+---------------+-------------+-----------+
 *   CRC of the          the caller's    a constant    the number of the
 *   interval            own 16 bits                   interval (types 1 and 2)
 *
 *           bytes  guard             storage and reference tag   interval
 * GUARD_16    8    CRC-16/T10-DIF    32 bits, storage 0 to 32    multiple of  512
 * GUARD_32   16    CRC-32C           80 bits, storage 16 to 64   multiple of 4096
 * GUARD_64   16    CRC-64/NVME       48 bits, storage 0 to 48    multiple of 4096
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
 *   <li><b>Layouts.</b> Metadata follows each interval (interleaved, extended LBA, DIF) or is kept
 *       apart (separate, DIX). Segments may end at any byte.
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
 *       zero interval where the expected tags are 0 too. The wider guards of zeros are never 0.
 *   <li><b>Storage tag.</b> Compared as a whole, whatever the type, and reported last. SPDK, QEMU
 *       and Linux have none; SPDK leaves the 16 bits of the 32-bit format alone, here they are
 *       written.
 *   <li><b>PRACT.</b> What an NVMe device does to a command with PRACT = 1 is a copy here. Where
 *       metadata is as large as the tuple, the host's side is data alone: a write inserts it, a
 *       read strips it. Where it is larger, both sides have metadata: a write replaces the tuple in
 *       it, a read brings all of it.
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
 * <p>{@link io.pinbounce.pi.Pi} does the work, as a {@link io.pinbounce.pi.PiContext} says, on two
 * segments or on {@link io.pinbounce.pi.PiBlocks}; {@link io.pinbounce.pi.PiStream} does it in
 * pieces. {@link io.pinbounce.pi.PiFormat} knows the layout of a {@link io.pinbounce.pi.PiTuple},
 * {@link io.pinbounce.pi.PiType} and {@link io.pinbounce.pi.TuplePosition} its meaning and its
 * place; {@link io.pinbounce.pi.PiMismatch} reports which {@link io.pinbounce.pi.PiCheck} failed,
 * {@link io.pinbounce.pi.PiInjection} what was damaged on purpose, and {@link
 * io.pinbounce.pi.PiRange} counts bytes with and without metadata.
 *
 * <p>Inside, {@code Contiguous} has the straight loops over two segments, {@code Fused} the same in
 * native code, where the processor has instructions for it ({@code io.pinbounce.internal.crc}), and
 * {@code Walk} every operation on blocks, once for all layouts: a {@code BlockCursor} is a place in
 * data and a place in metadata, which are one {@code SegmentCursor} where both are interleaved.
 *
 * <h2>What SPDK's {@code dif.h} offers, and where it is here</h2>
 *
 * <table>
 * <caption>What a user of include/spdk/dif.h finds there, numbered</caption>
 * <tr><th>no.</th><th>there</th><th>here</th></tr>
 * <tr><td>A1</td><td>formats</td><td>{@link io.pinbounce.pi.PiFormat}</td></tr>
 * <tr><td>A2</td><td>types</td><td>{@link io.pinbounce.pi.PiType}; copies of type 0 move
 *     data</td></tr>
 * <tr><td>A3</td><td>context</td><td>{@link io.pinbounce.pi.PiContext}, {@link
 *     io.pinbounce.pi.PiContextBuilder}</td></tr>
 * <tr><td>A4</td><td>field flags</td><td>{@link io.pinbounce.pi.PiContext#checks}</td></tr>
 * <tr><td>A5</td><td>PRACT</td><td>copies between blocks with metadata</td></tr>
 * <tr><td>A6</td><td>guard seed</td><td>{@link io.pinbounce.pi.PiContext#guardSeed}</td></tr>
 * <tr><td>A7</td><td>data offset</td><td>{@code firstInterval}, a parameter of every
 *     operation</td></tr>
 * <tr><td>A8, A10</td><td>generate</td><td>{@link io.pinbounce.pi.Pi#generate}</td></tr>
 * <tr><td>A9, A11</td><td>verify</td><td>{@link io.pinbounce.pi.Pi#verify}; reports every bad
 *     interval</td></tr>
 * <tr><td>A12</td><td>copy and generate</td><td>{@link io.pinbounce.pi.Pi#generateCopy}</td></tr>
 * <tr><td>A13</td><td>verify and copy</td><td>{@link io.pinbounce.pi.Pi#verifyCopy}</td></tr>
 * <tr><td>A14</td><td>scatter lists</td><td>{@link io.pinbounce.pi.PiBlocks}, split at any
 *     byte</td></tr>
 * <tr><td>A15</td><td>size check</td><td>every operation, before it writes</td></tr>
 * <tr><td>A16</td><td>error record</td><td>{@link io.pinbounce.pi.PiMismatch}</td></tr>
 * <tr><td>A17, A18</td><td>error injection</td><td>{@link io.pinbounce.pi.Pi#inject}</td></tr>
 * <tr><td>A19, A20, A21</td><td>remapping</td><td>{@link io.pinbounce.pi.Pi#remap}</td></tr>
 * <tr><td>A22, A25</td><td>CRC-32C over data only</td><td>not here: a digest of iSCSI and
 *     NVMe/TCP, which Pinbounce does not speak</td></tr>
 * <tr><td>A23</td><td>streaming generate</td><td>{@link
 *     io.pinbounce.pi.PiStream#generating}</td></tr>
 * <tr><td>A24</td><td>streaming verify</td><td>{@link
 *     io.pinbounce.pi.PiStream#verifying}</td></tr>
 * <tr><td>A26</td><td>lists with holes for metadata</td><td>not here: they let sockets read into
 *     place, and Pinbounce has none</td></tr>
 * <tr><td>A27</td><td>extended ranges</td><td>{@link io.pinbounce.pi.PiRange}</td></tr>
 * <tr><td>A28</td><td>escape constants</td><td>{@link io.pinbounce.pi.Pi#escape}; no writer may
 *     choose them by accident</td></tr>
 * <tr><td>A29</td><td>granularity</td><td>{@link io.pinbounce.pi.PiFormat#intervalUnit}</td></tr>
 * <tr><td>A30</td><td>storage tag</td><td>{@link io.pinbounce.pi.PiContext#storageTag}, beyond
 *     SPDK</td></tr>
 * <tr><td>A31</td><td>CRC helpers</td><td>{@link io.pinbounce.pi.PiFormat#updateGuard}</td></tr>
 * <tr><td>A32</td><td>asynchronous forms</td><td>not here: the work is done on the thread that
 *     asks, as in the pipeline</td></tr>
 * <tr><td>A33</td><td>device queries</td><td>not here: memory has no device; {@code
 *     io.pinbounce.Geometry} describes files</td></tr>
 * <tr><td>A34</td><td>insert and strip per device</td><td>not here: {@code
 *     io.pinbounce.DirectFile} guards files</td></tr>
 * </table>
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.pi;
