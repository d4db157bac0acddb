package io.pinbounce.internal.file;

import io.pinbounce.Protection;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.sidecar.SidecarSpec;
import io.pinbounce.pi.PiContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all files that are open on one inode or block device share: the table of ranges in use, the
 * size, and the tuples. It exists as long as one of these files is open.
 */
public final class Inode {

    private static final ConcurrentHashMap<Key, Inode> OPEN = new ConcurrentHashMap<>();

    private final Key key;

    private final Device device;

    private final RangeTable ranges = new RangeTable();

    /**
     * Bytes that readers may see. While a write that pads its last block is under way, the file
     * itself is longer for a moment; this value changes only after the padding is cut off.
     */
    private volatile long size;

    /** Guarded by the registry's lock on this key: files that have joined, or are about to. */
    private int users;

    /** Held while a file joins or leaves, which may read and write a sidecar. */
    private final ReentrantLock lock = new ReentrantLock();

    // The following fields are guarded by that lock.

    private int files;

    private int writers;

    private Protection protection = Protection.none();

    private @Nullable OpenTuples tuples;

    private volatile @Nullable Guard guard;

    /** Asks the kernel for the size of an inode. */
    public interface SizeQuery {

        long ask() throws IOException;
    }

    /** Which inode this is: a device is the same through every device file that names it. */
    private record Key(IoEngine engine, boolean device, long number, long inode) {

        static Key of(IoEngine engine, FileStatus status) {
            return status.isBlockDevice()
                    ? new Key(engine, true, status.specialDevice(), 0)
                    : new Key(engine, false, status.device(), status.inode());
        }
    }

    private Inode(Key key) {
        this.key = key;
        device = Device.of(key.engine, key.number);
    }

    /**
     * Joins a file to its inode, which is made for the first file.
     *
     * @param engine the engine that has the file open
     * @param status names the inode
     * @param data the file, which is open
     * @param size asks for the inode's size
     * @param wanted the protection
     * @param writes whether the file is open for writing
     * @return what all files on the inode share
     * @throws IllegalStateException if the inode is open with another protection already
     */
    public static Inode join(
            IoEngine engine,
            FileStatus status,
            SidecarSpec.Data data,
            SizeQuery size,
            Protection wanted,
            boolean writes)
            throws IOException {
        Inode inode =
                OPEN.compute(
                        Key.of(engine, status),
                        (key, open) -> {
                            Inode found = open == null ? new Inode(key) : open;
                            found.users++;
                            return found;
                        });
        boolean joined = false;
        inode.lock.lock();
        try {
            if (inode.writers == 0) {
                // Another process may have made the file longer since a reader of this one asked.
                // The lock is held: asked earlier, the size could miss a file that is opened,
                // written and closed in between.
                inode.size = size.ask();
            }
            inode.admit(data, wanted, writes);
            joined = true;
            return inode;
        } finally {
            inode.lock.unlock();
            if (!joined) {
                inode.release();
            }
        }
    }

    /**
     * Removes a file from its inode; the last file to leave closes the tuples, and tuples that were
     * kept only in memory are gone.
     */
    public void leave(boolean writes) throws IOException {
        leave(writes, OpenTuples::close);
    }

    /** The same for the only file, which was made for writing and got no name. */
    void discard() throws IOException {
        leave(/* writes= */ true, OpenTuples::discard);
    }

    /** What happens to the tuples when the last file leaves. */
    private interface Ending {

        void of(OpenTuples tuples) throws IOException;
    }

    private void leave(boolean writes, Ending ending) throws IOException {
        lock.lock();
        try {
            writers -= writes ? 1 : 0;
            OpenTuples last = --files == 0 ? tuples : null;
            if (last != null) {
                tuples = null;
                guard = null;
                protection = Protection.none();
                ending.of(last);
            }
        } finally {
            lock.unlock();
            release();
        }
    }

    private void release() {
        OPEN.computeIfPresent(key, (_, inode) -> --inode.users == 0 ? null : inode);
    }

    private void admit(SidecarSpec.Data data, Protection wanted, boolean writes)
            throws IOException {
        Path path = data.path();
        PiContext context = wanted.context();
        boolean differs = !agree(wanted, protection);
        OpenTuples kept = tuples;
        if (context != null && kept == null && writers == 0) {
            OpenTuples opened = OpenTuples.open(key.engine, data, wanted, context, size, writes);
            tuples = opened;
            guard = new Guard(context, opened.store());
            protection = wanted;
        } else if (differs && (writes || context != null)) {
            throw new IllegalStateException(
                    "all files that are open for writing on one inode have the same protection,"
                            + (" wanted=" + wanted + " open=" + protection + " path=" + path));
        } else if (writes && kept != null && kept.isReadOnly()) {
            throw new IllegalStateException(
                    "the file is open for reading with a sidecar, and a writer needs that for"
                            + " itself; close the readers, or open the writer first, path="
                            + path);
        }
        files++;
        writers += writes ? 1 : 0;
    }

    /**
     * Whether two files can share tuples under their protections; the stability check is each
     * file's own.
     */
    private static boolean agree(Protection one, Protection other) {
        return Objects.equals(one.context(), other.context())
                && Objects.equals(one.sidecar(), other.sidecar());
    }

    /** The device that holds the bytes. */
    public Device device() {
        return device;
    }

    public RangeTable ranges() {
        return ranges;
    }

    public long size() {
        return size;
    }

    public void publishSize(long bytes) {
        size = bytes;
    }

    /** The tuples and how they are made; null if no open file has protection. */
    @Nullable Guard guard() {
        return guard;
    }
}
