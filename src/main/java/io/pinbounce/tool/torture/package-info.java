/**
 * The stable-page torture test: shows on a real target that bouncing holds where pinning tears.
 *
 * <p>A {@link io.pinbounce.tool.torture.TorturePlan} is a list of cells, each a {@link
 * io.pinbounce.tool.torture.TortureCase} at one size in one mode. {@link
 * io.pinbounce.tool.torture.Torture} runs them on the {@link io.pinbounce.tool.torture.WorkingSet}
 * of a {@link io.pinbounce.tool.scratch.ScratchTarget}; each cell is a {@code CellRun}, which
 * operates on a buffer, and a {@code Disturbance} of that buffer: the {@code Mutator} scribbles all
 * the time, the {@code Memset} clears it once in each operation. A {@code BlockingRun} makes one
 * call after the other. Every other run is a {@code QueuedRun}, with an {@code InFlightBatch} of
 * requests on a {@link io.pinbounce.DirectQueue}: {@code InFlightBatchRun} does what the blocking
 * one does, {@code OrderRun} has requests overtake each other and compares what each completion
 * brings with the {@code RequestContents} of its token, {@code RewriteRun} writes pages again that
 * are still being written. A {@code FaultHook} is how tests break the library. {@link
 * io.pinbounce.tool.torture.CellResult} judges a cell, {@link
 * io.pinbounce.tool.torture.TortureReport} the run.
 *
 * <h2>What counts</h2>
 *
 * <p>Everything but the unguarded cases is guarded, T10 with a 16-bit guard for every 4096 bytes,
 * the tuples in memory. A write is <em>torn</em> when reading it back, bounced and undisturbed,
 * does not match the guard that was stored with it. A read is torn under {@code PIN}, and a
 * <em>false error</em> under the other modes, when it does not verify: what it reads is never
 * disturbed. A device or file system that finds the damage first, and fails with {@code EIO} or
 * {@code EILSEQ}, counts the same. Every operation is verified. A torn interval passes a 16-bit
 * guard by chance once in 65,536 times, which takes next to nothing from what is counted.
 *
 * <p>A buffer that another thread scribbles over is not compared with anything: a copy of a buffer
 * that changes may mix old and new bytes. Bouncing promises that data and guard agree.
 *
 * <p>{@code rewrite} and {@code out-of-order} have no such thread, and compare every byte: a
 * bounced page holds what it held when the write was asked for that completed last, and a read what
 * was asked to be written there before it. A completion that is missing, comes twice, or has the
 * length or the data of another request is <em>misplaced</em>, and fails the run in every mode.
 *
 * <h2>Unguarded cases</h2>
 *
 * <p>Guarded cells cannot show whether AUTO knows what the target needs, since AUTO bounces there
 * because of their own protection information. In {@code unguarded-write} and {@code
 * unguarded-read} the target is the judge: a device with protection information of its own, or a
 * layer with checksums, <em>refuses</em> a write whose memory changes on the way ({@code EIO},
 * {@code EILSEQ}), or takes it and finds the block <em>unreadable</em> afterwards. Under {@code
 * PIN} it may; one such event under {@code BOUNCE} or {@code AUTO} fails the run. A target that
 * checks nothing shows nothing, which makes no run inconclusive that has other cases. Bytes are not
 * compared: AUTO pins where the target needs no memory to hold still, and may then write any mix.
 * Unguarded writes in flight together lie side by side, since nothing orders two of one block.
 *
 * <h2>The control</h2>
 *
 * <p>{@code PIN} trusts the caller ({@code StabilityCheck.NONE}), and must tear. A pinned cell that
 * tears once is "torn as expected"; a case is good evidence if one of its pinned cells, of whatever
 * size, tore; a run is inconclusive as soon as one case is not. One torn operation is enough,
 * because it shows what is asked of the control: that the disturbance reaches the buffer between
 * the guard and the device, and that the verification sees it. The rates show that one torn
 * operation is not luck. A cell shares the time of the run with all others; a control that is still
 * blind when its share is over goes on until it tears, or has operated 200 times: the verdict does
 * not depend on how busy the machine is. So does {@code out-of-order}, until a request overtakes
 * another.
 *
 * <table>
 *   <caption>Torn operations under PIN, in percent, two runs of 20 seconds (0.6 a cell) on two
 *   busy processors, ext4 on a virtual disk, Linux 6.18</caption>
 *   <tr><th>case</th><th>4 KiB</th><th>64 KiB</th><th>1 MiB</th></tr>
 *   <tr><td>write-race</td><td>75, 92</td><td>97, 99</td><td>100</td></tr>
 *   <tr><td>read-race</td><td>95, 98</td><td>98, 100</td><td>100</td></tr>
 *   <tr><td>same-buffer-read</td><td>100</td><td>100</td><td>100</td></tr>
 *   <tr><td>memset-write</td><td>42, 47</td><td>26, 42</td><td>34, 45</td></tr>
 * </table>
 *
 * <p>A longer run of the weakest size of write-race, a million operations each with more other work
 * on the machine: 590,369 torn under {@code PIN}, none under {@code BOUNCE}.
 *
 * <p>The mutator does 100 to 180 million stores a second. One memset an operation is the weak case:
 * threads started for each operation, as xfstests generic/761 does it, tear one write of 4 KiB in
 * 4,000 on the machine of the table. {@code Memset} therefore spins on a thread of its own, which
 * is at work when the write begins, and draws its moment from the duration of an undelayed write.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.tool.torture;
