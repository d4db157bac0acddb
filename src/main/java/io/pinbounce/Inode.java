package io.pinbounce;

import io.pinbounce.engine.IoEngine;
import io.pinbounce.linux.FileStatus;
import io.pinbounce.pi.PiContext;
import io.pinbounce.seal.MemoryTuples;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What all files that are open on one inode or block device share: who uses which bytes, the size,
 * and the tuples. It exists as long as one of them is open.
 */
final class Inode {

    private static final ConcurrentHashMap<Key, Inode> OPEN = new ConcurrentHashMap<>();

    private final Key key;

    private final RangeTable ranges = new RangeTable();

    /**
     * Bytes that readers may see. While a write that pads its last block is under way, the file
     * itself is longer for a moment; this value moves once that is cut off.
     */
    private volatile long size;

    // The following are guarded by the registry's lock on this key.

    private int files;

    private int writers;

    private Protection protection = Protection.none();

    private @Nullable Guard guard;

    /** Who it is: a device is the same through every device file that names it. */
    private record Key(IoEngine engine, boolean device, long major, long inode) {

        static Key of(IoEngine engine, FileStatus status) {
            return status.isBlockDevice()
                    ? new Key(engine, true, status.specialDevice(), 0)
                    : new Key(engine, false, status.device(), status.inode());
        }
    }

    private Inode(Key key) {
        this.key = key;
    }

    /**
     * Joins the others on an inode, or is the first.
     *
     * @param engine who has it open
     * @param status which one it is
     * @param size asks for its bytes
     * @param wanted the protection
     * @param writes whether the file is open for writing
     * @return what all of them share
     * @throws IllegalStateException if it is open with another protection already
     */
    static Inode join(
            IoEngine engine,
            FileStatus status,
            LongSupplier size,
            Protection wanted,
            boolean writes) {
        return OPEN.compute(
                Key.of(engine, status),
                (key, open) -> {
                    Inode inode = open == null ? new Inode(key) : open;
                    if (inode.writers == 0) {
                        // Others may have made it longer since a reader looked; and asked any
                        // earlier, somebody could write and close in between.
                        inode.size = size.getAsLong();
                    }
                    inode.admit(wanted, writes);
                    return inode;
                });
    }

    /** Leaves; the last one out takes the tuples along. */
    void leave(boolean writes) {
        OPEN.computeIfPresent(
                key,
                (_, inode) -> {
                    inode.writers -= writes ? 1 : 0;
                    return --inode.files == 0 ? null : inode;
                });
    }

    private void admit(Protection wanted, boolean writes) {
        PiContext context = wanted.context();
        boolean differs = !wanted.agreesWith(protection);
        if (context != null && guard == null && writers == 0) {
            long existing = (size + context.interval() - 1) / context.interval();
            guard = new Guard(context, new MemoryTuples(context, existing));
            protection = wanted;
        } else if (differs && (writes || context != null)) {
            throw new IllegalStateException(
                    "all files that are open for writing on one inode have the same protection,"
                            + (" wanted=" + wanted + " open=" + protection));
        }
        files++;
        writers += writes ? 1 : 0;
    }

    RangeTable ranges() {
        return ranges;
    }

    long size() {
        return size;
    }

    void publishSize(long bytes) {
        size = bytes;
    }

    /** The tuples and how they are made; null if nobody asked for protection. */
    @Nullable Guard guard() {
        return guard;
    }
}
