package io.pinbounce.internal.file;

import io.pinbounce.DirectIoException;
import io.pinbounce.Protection;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.sidecar.SidecarSpec;
import io.pinbounce.internal.thread.ControlThreads;
import io.pinbounce.pi.PiContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

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

    /**
     * Entered while a file joins or leaves, which may read and write a sidecar, and may wait for
     * requests. A thread that waits for its turn carries on with its queues meanwhile, since their
     * requests may be those.
     */
    private final RangeTable turns = new RangeTable();

    // The following fields are guarded by the turn.

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
     * Joins a file to its inode, which is made for the first file. Not for a control thread: it may
     * wait for requests that need one.
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
        RangeTable.Entry turn = inode.takeTurn();
        try {
            if (inode.writers == 0) {
                // Another process may have made the file longer since a reader of this one asked.
                // The turn is taken: asked earlier, the size could miss a file that is opened,
                // written and closed in between.
                inode.size = ControlThreads.call(size::ask);
            }
            inode.admit(data, wanted, writes);
            joined = true;
            return inode;
        } finally {
            inode.turns.exit(turn);
            if (!joined) {
                inode.release();
            }
        }
    }

    private RangeTable.Entry takeTurn() {
        return turns.enterAndWait(0, 1, RangeTable.Use.EXCLUSIVE, RangeTable.Size.READ);
    }

    /**
     * Removes a file from its inode; the last writer to leave brings the sidecar in order, the last
     * file closes the tuples, and tuples that were kept only in memory are gone.
     *
     * @param handle the file's own, whose lock is given back
     */
    void leave(boolean writes, FileHandle handle) throws IOException {
        leave(writes, handle, OpenTuples::close);
    }

    /** The same for the only file, which was made for writing and got no name. */
    void discard(FileHandle handle) throws IOException {
        leave(/* writes= */ true, handle, OpenTuples::discard);
    }

    /** What happens to the tuples when the last file leaves. */
    private interface Ending {

        void of(OpenTuples tuples) throws IOException;
    }

    private void leave(boolean writes, FileHandle handle, Ending ending) throws IOException {
        RangeTable.Entry turn = takeTurn();
        try {
            files--;
            writers -= writes ? 1 : 0;
            OpenTuples kept = tuples;
            if (kept != null) {
                ControlThreads.run(() -> leave(kept, handle, ending));
            }
        } finally {
            turns.exit(turn);
            release();
        }
    }

    private void leave(OpenTuples kept, FileHandle handle, Ending ending) throws IOException {
        // A ring may keep the handle open for a while, and with it the lock.
        key.engine.lock(handle.number(), IoEngine.Lock.NONE);
        Guard shared = guard;
        if (files == 0) {
            tuples = null;
            guard = null;
            protection = Protection.none();
            ending.of(kept);
        } else if (writers == 0 && kept.isWritable() && shared != null) {
            shared.change(kept::endWriting);
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
            OpenTuples opened =
                    ControlThreads.call(
                            () -> OpenTuples.open(key.engine, data, wanted, context, size, writes));
            tuples = opened;
            guard = new Guard(context, opened.store());
            protection = wanted;
        } else if (differs && (writes || context != null)) {
            throw new IllegalStateException(
                    "all files that are open for writing on one inode have the same protection,"
                            + (" wanted=" + wanted + " open=" + protection + " path=" + path));
        } else if (writes && kept != null && kept.isReadOnly()) {
            startWriting(kept, data, wanted);
        }
        files++;
        writers += writes ? 1 : 0;
    }

    /**
     * Opens the sidecar for writing in the place of readers. All guarded requests that are under
     * way end first, and later ones wait, since they must not see two stores. If that fails, the
     * readers go on.
     */
    private void startWriting(OpenTuples readers, SidecarSpec.Data data, Protection wanted)
            throws IOException {
        Guard shared = Objects.requireNonNull(guard, "there are tuples");
        ControlThreads.run(() -> readers.requireAlone(data.path()));
        RangeTable.Entry all =
                ranges.enterAndWait(
                        0, Long.MAX_VALUE, RangeTable.Use.EXCLUSIVE, RangeTable.Size.CHANGE);
        try {
            OpenTuples writer =
                    ControlThreads.call(() -> readers.openToWrite(key.engine, data, wanted));
            shared.replace(writer.store());
            tuples = writer;
            ControlThreads.run(() -> closeReplaced(readers));
        } finally {
            ranges.exit(all);
        }
    }

    private static void closeReplaced(OpenTuples readers) {
        try {
            readers.close();
        } catch (DirectIoException _) {
            // Nothing was written through it, so nothing is lost.
        }
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
