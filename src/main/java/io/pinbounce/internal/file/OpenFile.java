package io.pinbounce.internal.file;

import io.pinbounce.DirectIoException;
import io.pinbounce.Geometry;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.sidecar.SealRun;
import io.pinbounce.internal.sidecar.TupleStore;
import io.pinbounce.internal.thread.ControlThreads;
import io.pinbounce.internal.thread.ThreadWait;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * An open file as its requests see it.
 *
 * @param engine what moves the data
 * @param handle the engine's name for the file
 * @param path the user's name for it
 * @param device whether it is a block device, whose size is fixed
 * @param geometry what direct I/O needs here
 * @param inode what is shared with other open files on the same inode
 * @param guard the tuples, or null for no protection
 * @param bypassed bytes in an interval of the sidecar that the data has and this file leaves out; 0
 *     if it leaves out none
 * @param spec what the user asked for
 * @param provesDirect whether the first write must be checked for having bypassed the page cache
 * @param counters the counters of this file
 * @param forceFailed whether a force has failed, which is final
 */
public record OpenFile(
        IoEngine engine,
        FileHandle handle,
        Path path,
        boolean device,
        Geometry geometry,
        Inode inode,
        @Nullable Guard guard,
        int bypassed,
        OpenSpec spec,
        boolean provesDirect,
        Counters counters,
        AtomicBoolean forceFailed) {

    /** What positions and lengths of reads are multiples of, whole intervals included. */
    public long readUnit() {
        return withInterval(geometry.readAlignment());
    }

    /** The same for writes; a block that is written in part is read in this unit too. */
    public long writeUnit() {
        return withInterval(Alignment.common(geometry.readAlignment(), geometry.writeAlignment()));
    }

    private long withInterval(long unit) {
        return guard == null ? unit : Alignment.common(unit, guard.interval());
    }

    /**
     * Whether the stack beneath needs memory to hold still: it reports that, or its device has
     * refused memory.
     */
    public boolean needsStablePages() {
        return geometry.stablePages().needed() || inode.device().needsStablePages();
    }

    /** The longest part of a request that bounces at once. */
    public long bounceLimit(long unit) {
        return Alignment.down(spec.pool().largestSlot(), unit);
    }

    public boolean isWritable() {
        return spec.writes();
    }

    /** Counts bytes that were read without the protection that the data has. */
    public void countBypassed(long from, long to) {
        if (bypassed > 0 && to > from) {
            counters.unverifiedIntervals.add((to - 1) / bypassed - from / bypassed + 1);
        }
    }

    /** Makes completed writes durable, and remembers if that fails; 0, or {@code -errno}. */
    public int force() {
        int failed = control(() -> engine.force(handle.number()));
        if (failed < 0) {
            failForce();
        }
        return failed;
    }

    /** Records that a force has failed, which is final. */
    public void failForce() {
        forceFailed.set(true);
        Guard shared = inode.guard();
        if (shared != null) {
            shared.store().forceFailed();
        }
    }

    /** Changes the file's size, for the holder of the size lock; 0, or {@code -errno}. */
    public int truncate(long size) {
        return control(() -> engine.truncate(handle.number(), size));
    }

    /** Reserves room, for the holder of the size lock; 0, or {@code -errno}. */
    public int allocate(long position, long length) {
        return control(() -> engine.allocate(handle.number(), position, length));
    }

    /** Puts on record that the size is about to change, for the holder of the size lock. */
    public void resizing(long size, SealRun cut, SealRun base) throws IOException {
        ControlThreads.run(() -> tuples().resizing(size, cut, base, new ThreadWait()));
    }

    /** Makes the store forget tuples behind the end, for the holder of the size lock. */
    public void resized(long size, SealRun cut) throws IOException {
        ControlThreads.run(() -> tuples().resized(size, cut));
    }

    /**
     * Makes tuples durable where that takes more than forcing the data: all tuples of the inode,
     * since a file without protection may share it with writers that have protection.
     */
    public void forceTuples() throws IOException {
        Guard shared = inode.guard();
        if (shared == null) {
            return;
        }
        if (Thread.currentThread().isVirtual()) {
            ControlThreads.run(shared::force);
        } else {
            shared.force(); // without a new object, since a queued request comes here
        }
    }

    private TupleStore tuples() {
        return Objects.requireNonNull(guard, "the file is not protected").store();
    }

    /**
     * Leaves the inode, and closes the handle even if leaving fails.
     *
     * @param letRingsGo makes rings that registered the handle forget it
     */
    public void close(Runnable letRingsGo) throws IOException {
        Failures failures = new Failures();
        try {
            inode.leave(isWritable(), handle);
        } catch (IOException e) {
            failures.add(e);
        }
        handle.end();
        letRingsGo.run();
        int failed = control(() -> engine.close(handle.number()));
        if (failed < 0) {
            DirectIoException.Call call = new DirectIoException.Call("close", path);
            failures.add(Errors.of(call, failed, 0));
        }
        failures.throwFirst();
    }

    /**
     * Where the hole ends that a position is in: whole units, or the end of the file. The position
     * itself if it is in no hole, or if that is unknown; a hole of a device need not stay a hole.
     */
    public long holeEnd(long position) {
        if (device) {
            return position;
        }
        long data = control(() -> engine.nextData(handle.number(), position));
        long size = inode.size();
        return Math.max(position, data >= size ? size : Alignment.down(data, readUnit()));
    }

    /** Pages of a range in the page cache, or {@code -errno}. */
    public long cachedPages(long position, long length) {
        return control(() -> engine.cachedPages(handle.number(), position, length));
    }

    /** The inode's size from the kernel, for the holder of the size lock. */
    public long askSize(DirectIoException.Call call) throws DirectIoException {
        long size = control(() -> engine.size(handle.number()));
        if (size < 0) {
            throw Errors.of(call, size, 0);
        }
        return size;
    }

    private static <T> T control(Supplier<T> call) {
        return ControlThreads.call(call::get);
    }

    /** Asks for the current size of the file: another process may have made it longer. */
    public long refreshSize(DirectIoException.Call call) throws DirectIoException {
        RangeTable.Entry entry = lockSize();
        try {
            long size = askSize(call);
            inode.publishSize(size);
            return size;
        } finally {
            inode.ranges().exit(entry);
        }
    }

    /**
     * Waits for the inode's size lock and takes it; the caller exits the entry from the range
     * table.
     */
    public RangeTable.Entry lockSize() {
        return inode.ranges().enterAndWait(0, 0, RangeTable.Use.SHARED, RangeTable.Size.CHANGE);
    }

    /**
     * Waits for a range and shares it with other readers; the caller exits the entry from the range
     * table.
     */
    public RangeTable.Entry shareRange(long start, long end) {
        return inode.ranges().enterAndWait(start, end, RangeTable.Use.SHARED, RangeTable.Size.READ);
    }
}
