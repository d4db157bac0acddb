package io.pinbounce;

import io.pinbounce.internal.driver.Admission;
import io.pinbounce.internal.driver.FileCalls;
import io.pinbounce.internal.driver.RingThreads;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.Opener;
import io.pinbounce.internal.thread.Dropped;
import io.pinbounce.internal.uring.UringEngine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner.Cleanable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A file or block device, open for direct I/O.
 *
 * <pre>{@code
 * try (DirectFile file = DirectFile.open(path, DirectOptions.readWrite().create());
 *      PinnedArena arena = PinnedArena.ofShared()) {
 *     MemorySegment block = arena.allocate(1 << 20);
 *     file.write(block, 0);            // the kernel reads block itself
 *     file.force();
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> Everything here may be called from any thread, several at once. Requests that
 * touch the same bytes are done one after the other, in the order in which they were asked for, if
 * they are guarded reads and writes, or unguarded writes of which one covers some block in part.
 * Other unguarded writes are put in order only where a device beneath keeps protection information
 * ({@link StablePages#guarded}); that costs each of them some hundred nanoseconds, and writes to
 * the same bytes no longer run at the same time. Unguarded reads are never put in order. As under
 * {@code pwrite} and {@code pread}, two such requests at once may leave, or find, a mixture of
 * both. This order holds among all files that this JVM has open on one inode.
 *
 * <p><b>Other processes</b> that use the same bytes at the same time must be kept apart by the
 * caller. If another process moves the end of the file between two calls, the next call notices;
 * but a pinned read may overwrite the rest of the block that the end has moved back to.
 *
 * <p><b>Dropped files.</b> A file that becomes unreachable without having been closed is closed
 * some time after the garbage collector has found it and its last request is done.
 *
 * <p><b>Memory.</b> A segment is held until the call returns: an arena that is closed meanwhile by
 * another thread either refuses to close, or makes the call fail with {@link IllegalStateException}
 * before the kernel has seen an address.
 *
 * <p><b>Interrupts</b> never tear a request, and the interrupt status is kept.
 *
 * <p><b>Power cuts.</b> A completed write has reached the device, not the medium: see {@link
 * #force()}. A cut while a write past the end is under way may leave the file longer than its data,
 * by less than a block.
 */
public final class DirectFile implements AutoCloseable {

    private final OpenFile file;

    private final Admission admission;

    private final FileCalls calls;

    private final Cleanable cleanable;

    private DirectFile(OpenFile file, @Nullable RingThreads named) {
        this.file = file;
        admission = new Admission(file, named);
        calls = new FileCalls(admission, this);
        cleanable = Dropped.watch(this, admission::drop);
    }

    /**
     * Opens a regular file or a block device.
     *
     * @param path a path of the default file system; symbolic links are followed
     * @param options how the file is opened
     * @return an open file; close it
     * @throws DirectIoException if the file cannot be opened, is neither file nor block device, or
     *     direct I/O is required and known not to be real here; nothing is left behind
     * @throws IllegalStateException if the file is open in this JVM with another protection
     */
    public static DirectFile open(Path path, DirectOptions options) throws IOException {
        return open(path, options, UringEngine.system());
    }

    static DirectFile open(Path path, DirectOptions options, IoEngine engine) throws IOException {
        RingThreads named = options.namedThreads();
        if (named != null && !named.serves(engine)) {
            throw new IllegalArgumentException(
                    "the service moves data of another engine than the file's: file="
                            + (engine.name() + " service=" + named.engine() + " path=" + path));
        }
        Opener opener = new Opener(engine, path, options.spec());
        DirectFile file = new DirectFile(opener.open(), named);
        if (options.contents() == Contents.DISCARD && !opener.hasCreated()) {
            file.empty();
        }
        return file;
    }

    /** Empties the file under the size lock, since other files may be open on the same inode. */
    private void empty() throws IOException {
        boolean done = false;
        try {
            truncate(0);
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /**
     * Asks about a regular file or block device. It is opened for reading, and for direct I/O where
     * the file system allows that; nothing is read from it or written to it. Only on btrfs with
     * checksums, where nothing else tells, a block is written to a file without a name in the same
     * folder, once for each mount.
     *
     * @param path the file or device
     * @return its geometry as of now; a file may get another one when its file system is mounted
     *     again
     * @throws DirectIoException if it cannot be opened, or is neither file nor device
     * @throws IllegalArgumentException if the path is one of another file system
     */
    public static Geometry probe(Path path) throws DirectIoException {
        return Opener.probe(UringEngine.system(), path);
    }

    /**
     * Reads into one segment.
     *
     * @param memory where the bytes go; its size is the length asked for
     * @param position bytes from the start of the file
     * @return bytes read: fewer than asked for only at the end of the file, 0 at or past it
     * @throws IllegalArgumentException if something is misaligned under {@link Transfer#PIN}, or
     *     the memory is read-only, or a value is out of range
     * @throws ProtectionException if the data does not match its protection information
     * @throws DirectIoException if the kernel reports an error
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     */
    public long read(MemorySegment memory, long position) throws IOException {
        return calls.read(memory, position);
    }

    /**
     * Reads into several segments, one after the other.
     *
     * @param memory where the bytes go; pinned, each segment is aligned for itself
     * @param position bytes from the start of the file
     * @return bytes read: fewer than asked for only at the end of the file, 0 at or past it
     * @throws IOException as {@link #read(MemorySegment, long)}
     */
    public long read(List<MemorySegment> memory, long position) throws IOException {
        return calls.read(memory, position);
    }

    /**
     * Writes one segment, all of it.
     *
     * @param memory the bytes
     * @param position bytes from the start of the file
     * @throws IllegalArgumentException if something is misaligned under {@link Transfer#PIN}, or a
     *     value is out of range
     * @throws UnstableBufferException if the memory changed during a guarded, pinned write
     * @throws ProtectionException if a block that is written in part does not match its protection
     *     information; nothing is written then
     * @throws DirectIoException if the kernel reports an error: {@link
     *     DirectIoException#bytesDone()} are known to be written
     * @throws java.nio.channels.NonWritableChannelException if the file is open for reading only
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     */
    public void write(MemorySegment memory, long position) throws IOException {
        calls.write(memory, position);
    }

    /**
     * Writes several segments, one after the other, all of them.
     *
     * @param memory the bytes; pinned, each segment is aligned for itself
     * @param position bytes from the start of the file
     * @throws IOException as {@link #write(MemorySegment, long)}
     */
    public void write(List<MemorySegment> memory, long position) throws IOException {
        calls.write(memory, position);
    }

    /**
     * Makes completed writes durable: data, its tuples, and the metadata needed to read it again.
     * Every open file does so for all files on the same inode, even if it is open for reading or
     * without their protection, and for writes of files that are closed by now.
     *
     * @throws DirectIoException if the kernel reports an error. That is final: the kernel may have
     *     dropped the data and would report success the next time, so this file refuses writes and
     *     forces from then on; open it again and see what is there
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     */
    public void force() throws IOException {
        calls.force();
    }

    /**
     * Protects the data of a range as it is, whatever was known about it: intervals that were
     * unprotected, damaged, or whose tuple is lost read without error from then on. Durable once
     * the file is forced or closed.
     *
     * @param position bytes from the start of the file, a multiple of the interval
     * @param length bytes, a multiple of the interval unless the file ends before
     * @throws IllegalArgumentException if a value is out of range, or an interval not whole
     * @throws IllegalStateException if the file is open without protection
     * @throws DirectIoException if the kernel reports an error: {@link
     *     DirectIoException#bytesDone()} are sealed
     * @throws java.nio.channels.NonWritableChannelException if the file is open for reading only
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     */
    public void seal(long position, long length) throws IOException {
        calls.seal(position, length);
    }

    /**
     * Verifies a hole without reading it, as far as its intervals are sealed as zeros, or
     * unprotected. Behind the returned end there may be data, or a hole that does not match its
     * tuples: read there to find out. Force the file first if it may have been written without this
     * library.
     *
     * @param position bytes from the start of the file, a multiple of the interval
     * @param length bytes to verify at most, a multiple of the interval unless the file ends before
     * @return the verified part, in whole blocks of whole intervals: nothing on a block device, or
     *     where the file system cannot tell what is a hole
     * @throws IllegalArgumentException if the position is out of range, or inside an interval
     * @throws IllegalStateException if the file is open without protection
     * @throws DirectIoException if tuples cannot be read
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     */
    public Hole verifyHole(long position, long length) throws IOException {
        return calls.verifyHole(position, length);
    }

    /**
     * Reads without waiting. The future is completed on a virtual thread, so stages that depend on
     * it may block; cancelling the future does not stop the request.
     *
     * @param memory where the bytes go, accessible from any thread; until the future is done the
     *     memory belongs to the request, which holds memory of a {@link
     *     io.pinbounce.buffer.PinnedArena}, and fails if other memory is freed before
     * @param position bytes from the start of the file
     * @return bytes read, or what {@link #read(MemorySegment, long)} throws
     * @throws IllegalArgumentException if the memory is confined to this thread, or the position is
     *     out of range
     */
    public CompletableFuture<Long> readAsync(MemorySegment memory, long position) {
        return calls.readAsync(memory, position);
    }

    /**
     * Writes without waiting. Bytes that are bounced are copied before this method returns, to the
     * heap if the request has to wait. Otherwise as {@link #readAsync}.
     *
     * @param memory the bytes
     * @param position bytes from the start of the file
     * @return nothing, or what {@link #write(MemorySegment, long)} throws
     * @throws IllegalArgumentException if the memory is confined to this thread, or the position is
     *     out of range
     */
    public CompletableFuture<@Nullable Void> writeAsync(MemorySegment memory, long position) {
        return calls.writeAsync(memory, position);
    }

    /**
     * Makes writes durable that have completed before this call, without waiting. Otherwise as
     * {@link #readAsync}.
     *
     * @return nothing, or what {@link #force()} throws
     */
    public CompletableFuture<@Nullable Void> forceAsync() {
        return calls.forceAsync();
    }

    /**
     * The size of the file or block device. Only completed requests count: a write past the end
     * that is under way does not.
     *
     * @return bytes
     * @throws DirectIoException if the kernel reports an error
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     */
    public long size() throws IOException {
        return calls.size();
    }

    /**
     * Changes the size of a regular file. Bytes that are new read as zeros; under protection they
     * are guarded as such.
     *
     * @param size bytes
     * @throws IllegalArgumentException if the size is out of range, or the file is a block device
     * @throws ProtectionException if the cut goes through an interval that does not match its
     *     protection information; the file stays as it is
     * @throws DirectIoException if the kernel reports an error
     * @throws java.nio.channels.NonWritableChannelException if the file is open for reading only
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     */
    public void truncate(long size) throws IOException {
        calls.truncate(size);
    }

    /**
     * Reserves room on the device for a range of a regular file, and extends the file to cover it.
     *
     * @param position bytes from the start of the file
     * @param length bytes, more than 0
     * @throws IllegalArgumentException if a value is out of range, or the file is a block device
     * @throws DirectIoException if the kernel reports an error, for example that there is no room
     * @throws java.nio.channels.NonWritableChannelException if the file is open for reading only
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     */
    public void allocate(long position, long length) throws IOException {
        calls.allocate(position, length);
    }

    /**
     * What direct I/O needs on this file.
     *
     * @return alignments, limits, and where each value came from
     */
    public Geometry geometry() {
        return file.geometry();
    }

    /**
     * What moves the data of blocking calls on platform threads; {@link DirectQueue#engine()} and
     * {@link IoService#engine()} name the engine of queues, and of futures and virtual threads.
     *
     * @return the engine's name
     */
    public String engine() {
        return file.engine().name();
    }

    /**
     * What this file's requests did so far: how many were pinned or bounced, read again, settled.
     *
     * @return counts as of now
     */
    public DirectCounts counts() {
        return file.counters().snapshot();
    }

    /**
     * Closes the file once the requests in flight are done; new ones are refused. Nothing is
     * forced. Requests of a {@link DirectQueue} that the current thread owns are carried on until
     * they are done; their completions are kept. Closing again does nothing.
     *
     * @throws IllegalStateException if requests are under way that only another thread's queue can
     *     bring to an end: the message names the queue, and the file stays open
     * @throws DirectIoException if the kernel reports an error; the file is closed all the same
     */
    @Override
    public void close() throws IOException {
        if (admission.close()) {
            cleanable.clean();
            admission.closeFile();
        }
    }

    /** Lets requests into the file. */
    Admission admission() {
        return admission;
    }
}
