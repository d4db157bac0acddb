/**
 * All of the operating system, and nothing else: what Pinbounce asks of Linux, in Linux's own
 * words.
 *
 * <h2>Two planes</h2>
 *
 * <p>{@link io.pinbounce.internal.linux.LibC} is the <b>data plane</b>: every call that happens per
 * request or on the way to a first one, and what JNR-POSIX lacks, as FFM down-calls. {@link
 * io.pinbounce.internal.linux.Posix} is the <b>control plane</b>: calls that some files need now
 * and then, through JNR-POSIX, which is loaded with the first of them, or through its FFM twin
 * where that cannot be loaded; {@link io.pinbounce.internal.linux.SystemPosix} chooses. {@link
 * io.pinbounce.internal.linux.UringSyscalls} are those that a ring is made of. All are interfaces,
 * so that a test can make any single call fail.
 *
 * <h2>Guards in C</h2>
 *
 * <p>{@link io.pinbounce.internal.linux.StubLibrary} is the library of {@code native-stubs}: pure
 * computation. {@code StubLoader} gets it out of the jar; {@link
 * io.pinbounce.internal.linux.StubProtection} describes a request to it.
 *
 * <h2>Memory that outlives a call</h2>
 *
 * <p>{@link io.pinbounce.internal.linux.PinnedPages} are the pages of one arena or pool, which
 * requests hold and rings register, one {@link io.pinbounce.internal.linux.Region} at a time.
 * {@link io.pinbounce.internal.linux.Registrable} is the lifetime that regions share with open
 * files.
 *
 * <h2>Facts about a file</h2>
 *
 * <p>{@link io.pinbounce.internal.linux.FactFinder} gathers {@link
 * io.pinbounce.internal.linux.FileFacts}, which is what is reported about an open file: {@link
 * io.pinbounce.internal.linux.FileStatus} (fstat), {@link io.pinbounce.internal.linux.Statx}, its
 * {@link io.pinbounce.internal.linux.Mount} ({@code MountTable}, procfs) and every {@link
 * io.pinbounce.internal.linux.BlockDevice} beneath ({@code BlockTree}, sysfs; {@code BlockIoctl}
 * for one that is itself open) with {@link io.pinbounce.internal.linux.BlockQueue}, {@link
 * io.pinbounce.internal.linux.IntegrityProfile} and the {@link io.pinbounce.internal.linux.Layer}
 * that leads to what is beneath it ({@code DeviceMapper}: how). Where a direct write goes, some
 * file systems show only in a {@link io.pinbounce.internal.linux.DirectTrial}. {@link
 * io.pinbounce.internal.linux.UringRefusal} tells why there is no ring, {@link
 * io.pinbounce.internal.linux.LockedMemory} how much can be registered with one, {@link
 * io.pinbounce.internal.linux.Descriptors} how this process has a file open. {@link
 * io.pinbounce.internal.linux.Log} is where lines for the operator go.
 *
 * <h2>Rules</h2>
 *
 * <ul>
 *   <li>A call returns its result, or {@code -errno}. Nothing here throws for what the kernel says;
 *       one place above turns numbers into exceptions.
 *   <li>Memory goes to the kernel as a {@link java.lang.foreign.MemorySegment}, never as a bare
 *       address: the down-call then holds the segment's scope, so it cannot be freed meanwhile.
 *   <li>Every offset and constant of a header stands in {@code native-stubs/layout.c} too, where
 *       the C compiler computes it; a test compares the two.
 *   <li>Facts, not decisions: {@link io.pinbounce.internal.linux.FileFacts} says what Linux
 *       reports; {@code io.pinbounce.Geometry} decides what it means.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.linux;
