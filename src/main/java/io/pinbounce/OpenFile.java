package io.pinbounce;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.engine.FileHandle;
import io.pinbounce.engine.IoEngine;
import io.pinbounce.linux.Errno;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file as its requests see it.
 *
 * @param engine who moves the data
 * @param handle the engine's name for the file
 * @param path the user's name for it
 * @param device whether it is a block device, whose size is fixed
 * @param geometry what direct I/O needs here
 * @param inode what is shared with other files on the same bytes
 * @param guard the tuples, or null for no protection
 * @param options what the user asked for
 * @param pool where bounced data passes through
 * @param counters what was done
 * @param forceFailed whether a force has failed, which is final
 */
record OpenFile(
        IoEngine engine,
        FileHandle handle,
        Path path,
        boolean device,
        Geometry geometry,
        Inode inode,
        @Nullable Guard guard,
        DirectOptions options,
        BouncePool pool,
        Counters counters,
        AtomicBoolean forceFailed) {

    /** What positions and lengths of reads are multiples of, whole intervals included. */
    long readUnit() {
        return withInterval(geometry.readAlignment());
    }

    /** The same for writes; a block that is written in part is read by this unit too. */
    long writeUnit() {
        return withInterval(Alignment.common(geometry.readAlignment(), geometry.writeAlignment()));
    }

    private long withInterval(long unit) {
        return guard == null ? unit : Alignment.common(unit, guard.interval());
    }

    /** The longest part of a request that bounces at once. */
    long bounceLimit(long unit) {
        return Alignment.down(pool.largestSlot(), unit);
    }

    /** Makes completed writes durable, and remembers if that fails; 0, or {@code -errno}. */
    int force() {
        int failed = engine.force(handle.number());
        if (failed < 0) {
            forceFailed.set(true);
        }
        return failed;
    }

    /** What a request that ends past the end of the device is refused with. */
    DirectIoException endsBefore(DirectIoException.Call call) {
        String why = "the write ends past the end of the device, size=" + inode.size();
        return new DirectIoException(why, call, Errno.ENOSPC, 0);
    }

    /** The inode's size from the kernel, for the holder of the size lock. */
    long askSize(DirectIoException.Call call) throws DirectIoException {
        long size = engine.size(handle.number());
        if (size < 0) {
            throw DirectIoException.of(call, size, 0);
        }
        return size;
    }

    /** Looks how long the file is by now: other processes may have made it longer. */
    long refreshSize(DirectIoException.Call call) throws DirectIoException {
        RangeTable.Entry entry = lockSize();
        try {
            long size = askSize(call);
            inode.publishSize(size);
            return size;
        } finally {
            inode.ranges().exit(entry);
        }
    }

    /** Takes the inode's size lock, waiting for it; to be given back to the range table. */
    RangeTable.Entry lockSize() {
        RangeTable.Entry entry = new RangeTable.Entry();
        CallingThread thread = new CallingThread();
        RangeTable ranges = inode.ranges();
        ranges.enter(entry, 0, 0, RangeTable.Use.SHARED, RangeTable.Size.CHANGE, thread);
        thread.awaitUntil(entry::isGranted);
        return entry;
    }
}
