package io.pinbounce.internal.sidecar;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.engine.UnnamedFile;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.Mount;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The files that a sidecar deals with: the data, its own pages, and its own log, which is the same
 * file once more, but each write to it is durable when it returns. Calls block. For any thread.
 */
final class SidecarFiles implements AutoCloseable {

    /** What memory is filled with where the disk could not read. */
    static final byte UNREADABLE = (byte) 0xA5;

    private final IoEngine engine;

    private final Path dataPath;

    private Path path;

    private final List<FileHandle> open = new ArrayList<>();

    /** Memory that groups of intents are written from; it outlives the transfers of rings. */
    private final PinnedArena arena = PinnedArena.ofShared();

    /**
     * Files of this process that read, and whose place these take to write, until they have their
     * lock; null for none.
     */
    private @Nullable SidecarFiles readers;

    private FileHandle data = new FileHandle(-1);

    private FileHandle pages = new FileHandle(-1);

    private FileHandle log = new FileHandle(-1);

    /** A sidecar that is being made, and has no name yet. */
    private @Nullable UnnamedFile made;

    private Op durableWrite = Op.WRITE;

    /** Bytes of the smallest part of the sidecar that can be read by itself. */
    private int block = Layout.PAGE;

    private int dataBlock = Layout.PAGE;

    SidecarFiles(IoEngine engine, Path dataPath, Path path) {
        this(engine, dataPath, path, null);
    }

    SidecarFiles(IoEngine engine, Path dataPath, Path path, @Nullable SidecarFiles readers) {
        this.engine = engine;
        this.dataPath = dataPath;
        this.path = path;
        this.readers = readers;
    }

    /** Says where the sidecar is, before it is opened. */
    void place(Path place) {
        path = place;
    }

    Path path() {
        return path;
    }

    FileHandle data() {
        return data;
    }

    PinnedArena arena() {
        return arena;
    }

    FileHandle pages() {
        return pages;
    }

    FileHandle log() {
        return log;
    }

    /**
     * Opens the data once more, and locks it. A writer locks it exclusively first, so that no other
     * process has it, and shares the lock then with the handles that the data goes through: if the
     * process is killed, those keep the lock until the kernel is done with the transfers under way.
     */
    void openData(SidecarSpec.Data file, Access access) throws SealException {
        int flags = access == Access.WRITE ? OpenFlags.O_RDWR : OpenFlags.O_RDONLY;
        int number = file.reopen().applyAsInt(flags | OpenFlags.O_DIRECT);
        if (number == -Errno.EINVAL) { // the file system has no direct I/O
            number = file.reopen().applyAsInt(flags);
        }
        data = add(number, dataPath);
        if (readers == null) {
            named(data).lock(access.lock());
        } // else the readers have found that no other process has it
        named(data).lock(Lock.SHARED);
        int alignment = engine.facts(data.number()).statx().dioOffsetAlignment();
        dataBlock = alignment > 0 ? alignment : Layout.PAGE;
    }

    /** Whether there is a sidecar. */
    boolean exists() throws SealException {
        FileStatus status = engine.status(path);
        if (status.errno() != 0 && status.errno() != Errno.ENOENT) {
            throw new SealException("the sidecar cannot be looked at", path, -status.errno());
        }
        if (status.errno() == Errno.ENOENT && Files.isSymbolicLink(path)) {
            throw new SealException(
                    "the sidecar's name is a link that leads nowhere; mount or bring back what it"
                            + " leads to, or remove the link",
                    path);
        }
        if (status.errno() == 0 && !status.isRegular()) {
            throw new SealException(
                    "a sidecar is a regular file, this is a " + status.kind(), path);
        }
        return status.errno() == 0;
    }

    /** Makes and locks a sidecar, which has no name until it is published. */
    void create() throws SealException {
        int flags = OpenFlags.O_RDWR | OpenFlags.O_DIRECT;
        UnnamedFile file = UnnamedFile.make(engine, path, flags);
        if (file.handle() == -Errno.EINVAL) { // the file system has no direct I/O
            flags = OpenFlags.O_RDWR;
            file = UnnamedFile.make(engine, path, flags);
        }
        pages = add(file.handle(), path);
        made = file;
        log = add(file.reopen(flags | OpenFlags.O_DSYNC), path);
        named(log).lock(Lock.EXCLUSIVE);
        look();
        beLikeData();
    }

    /** Gives the sidecar that was made its name; false if the name was taken meanwhile. */
    boolean publish() throws SealException {
        UnnamedFile file = Objects.requireNonNull(made, "no sidecar was made");
        int failed = file.publish(path);
        if (failed == -Errno.EEXIST) {
            return false;
        }
        NamedFile.requireDone(failed, path, "it cannot be given its name");
        made = null;
        return true;
    }

    /** Opens and locks the sidecar; a writer locks the handle that rings write to. */
    void openSidecar(Access access) throws SealException {
        if (access == Access.READ) {
            pages = open(path, OpenFlags.O_RDONLY);
            named(pages).lock(access.lock());
        } else {
            pages = open(path, OpenFlags.O_RDWR);
            log = open(path, OpenFlags.O_RDWR | OpenFlags.O_DSYNC);
            if (readers != null) {
                readers.unlock(readers.locked());
                readers = null; // else each would keep the one before in memory
            }
            named(log).lock(access.lock());
        }
        look();
    }

    /**
     * Whether what is open is what has the sidecar's name: another process may have replaced it.
     */
    boolean isInPlace() {
        FileStatus named = engine.status(path);
        FileHandle last = log.number() < 0 ? pages : log;
        return named.errno() == 0
                && named.isSameFile(engine.status(pages.number()))
                && named.isSameFile(engine.status(last.number()));
    }

    /**
     * Gives the sidecar the owner, group and permissions of its data, as far as this user may: the
     * tuples tell about the data, and who may write the one must be able to write the other.
     */
    void beLikeData() {
        named(pages).beLike(data);
    }

    private void look() throws SealException {
        FileFacts facts = engine.facts(pages.number());
        int alignment = Math.max(facts.statx().dioOffsetAlignment(), Sector.SIZE);
        if (Layout.PAGE % alignment != 0) {
            throw new SealException(
                    "a sidecar needs a file system whose blocks divide "
                            + (Layout.PAGE + " bytes, choose another place: block=" + alignment),
                    path);
        }
        // Where the kernel does not tell, the largest alignment is right for all.
        block = facts.statx().dioOffsetAlignment() > 0 ? alignment : Layout.PAGE;
        Mount mount = facts.mount();
        if (mount != null && mount.fileSystem().startsWith("fuse")) {
            durableWrite = Op.WRITE_FORCE;
        }
    }

    /**
     * Makes sure that no other process has the data, whose lock is exclusive for a moment. If that
     * fails, the data's lock may be lost, since a lock gives its old mode up first; the sidecar's
     * keeps writers of other processes out meanwhile.
     */
    void requireAlone() throws SealException {
        named(data).lock(Lock.EXCLUSIVE);
        named(data).lock(Lock.SHARED);
    }

    /** Locks data and sidecar for reading, whatever they were locked for. */
    void lockToRead() throws SealException {
        named(data).lock(Lock.SHARED);
        named(locked()).lock(Lock.SHARED);
    }

    /** The handle of the sidecar that has the lock. */
    private FileHandle locked() {
        return log.number() < 0 ? pages : log;
    }

    private void unlock(FileHandle handle) {
        engine.lock(handle.number(), Lock.NONE); // gives up nothing else, so it cannot fail
    }

    /**
     * The operation after which what a ring wrote to the log is durable. The log is open with
     * O_DSYNC, which FUSE ignores when a direct write does not wait (Linux 6.18).
     */
    Op durableWrite() {
        return durableWrite;
    }

    private FileHandle open(Path path, int flags) throws SealException {
        return add(engine.openDirect(path, flags), path);
    }

    private FileHandle add(int number, Path path) throws SealException {
        NamedFile.requireDone(number, path, "it cannot be opened");
        FileHandle handle = new FileHandle(number);
        open.add(handle);
        return handle;
    }

    /** Which file or device the data is, and how long. */
    DataFile dataFile() throws SealException {
        FileFacts facts = engine.facts(data.number());
        if (facts.status().errno() != 0) {
            throw new SealException(
                    "the data cannot be looked at", dataPath, -facts.status().errno());
        }
        return DataFile.of(facts, dataSize());
    }

    long dataSize() throws SealException {
        return named(data).size();
    }

    long sidecarSize() throws SealException {
        return named(pages).size();
    }

    /** Where the sidecar has the first bytes stored from a position on; before them is a hole. */
    long nextStored(long position) {
        return engine.nextData(pages.number(), position);
    }

    /**
     * Reads the sidecar; what lies behind its end is zeros. A block that the disk cannot read comes
     * as bytes whose check is wrong, like a damaged one.
     */
    void read(long position, MemorySegment into) throws SealException {
        try {
            readStrictly(position, into);
        } catch (SealException e) {
            if (e.errno() != Errno.EIO) {
                throw e;
            }
            for (long at = 0; at < into.byteSize(); at += block) {
                readBlock(position + at, into.asSlice(at, block));
            }
        }
    }

    private void readBlock(long position, MemorySegment into) throws SealException {
        try {
            readStrictly(position, into);
        } catch (SealException e) {
            if (e.errno() != Errno.EIO) {
                throw e;
            }
            into.fill(UNREADABLE);
        }
    }

    /** The same, but what cannot be read is an error. */
    void readStrictly(long position, MemorySegment into) throws SealException {
        named(pages).move(Op.READ, block, position, into);
    }

    /** Reads data; what lies behind its end is zeros. */
    void readData(long position, MemorySegment into) throws SealException {
        named(data).move(Op.READ, dataBlock, position, into);
    }

    /** Writes to the sidecar; {@link #force} makes it durable. */
    void write(long position, MemorySegment from) throws SealException {
        named(pages).move(Op.WRITE, Layout.PAGE, position, from);
    }

    /** Writes to the sidecar, and it is durable. */
    void writeDurably(long position, MemorySegment from) throws SealException {
        named(log).move(Op.WRITE, Layout.PAGE, position, from);
    }

    void force() throws SealException {
        named(pages).force();
    }

    void forceData() throws SealException {
        named(data).force();
    }

    private NamedFile named(FileHandle file) {
        return new NamedFile(engine, file, file == data ? dataPath : path);
    }

    /** Memory for one call, or a few. */
    static MemorySegment allocate(Arena arena, long bytes) {
        return arena.allocate(bytes, Layout.PAGE);
    }

    void background(Runnable task) {
        engine.background(task);
    }

    /** Removes the sidecar's name, unless another file has got it meanwhile. */
    void remove() throws SealException {
        if (isInPlace()) {
            NamedFile.requireDone(engine.remove(path), path, "it cannot be removed");
        }
    }

    /** Closes the sidecar alone, so that another one can be opened in its place. */
    void closeSidecar() throws SealException {
        long failed = 0;
        for (FileHandle handle : List.of(log, pages)) {
            if (open.remove(handle)) {
                handle.end();
                failed = Math.min(failed, engine.close(handle.number()));
            }
        }
        pages = new FileHandle(-1);
        log = new FileHandle(-1);
        NamedFile.requireDone(failed, path, "it cannot be closed");
    }

    @Override
    public void close() throws SealException {
        UnnamedFile unfinished = made;
        if (unfinished != null) {
            unfinished.discard();
        }
        long failed = 0;
        for (FileHandle handle : open.reversed()) {
            unlock(handle); // a ring may keep the file open for a while
            handle.end();
            failed = Math.min(failed, engine.close(handle.number()));
        }
        open.clear();
        arena.close();
        NamedFile.requireDone(failed, path, "it cannot be closed");
    }
}
