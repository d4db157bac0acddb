package io.pinbounce.internal.sidecar;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.engine.Progress;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.Mount;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that a sidecar deals with: the data, its own pages, and its own log, which is the same
 * file once more, but each write to it is durable when it returns. Calls block. For any thread.
 */
final class SidecarFiles implements AutoCloseable {

    /** What memory is filled with where the disk could not read. */
    static final byte UNREADABLE = (byte) 0xA5;

    private final IoEngine engine;

    private final Path dataPath;

    private final Path path;

    private final List<FileHandle> open = new ArrayList<>();

    /** Memory that groups of intents are written from; it outlives the transfers of rings. */
    private final PinnedArena arena = PinnedArena.ofShared();

    private FileHandle data = new FileHandle(-1);

    private FileHandle pages = new FileHandle(-1);

    private FileHandle log = new FileHandle(-1);

    private Op durableWrite = Op.WRITE;

    /** Bytes of the smallest part of the sidecar that can be read by itself. */
    private int block = Layout.PAGE;

    private int dataBlock = Layout.PAGE;

    SidecarFiles(IoEngine engine, Path dataPath, Path path) {
        this.engine = engine;
        this.dataPath = dataPath;
        this.path = path;
    }

    Path path() {
        return path;
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
     * Opens and locks the data. A writer locks it exclusively first, so that no other process has
     * it, and shares the lock then with the handles that the data goes through: if the process is
     * killed, those keep the lock until the kernel is done with the transfers under way.
     */
    void openData(Access access) throws SealException {
        data = open(dataPath, access == Access.WRITE ? OpenFlags.O_RDWR : OpenFlags.O_RDONLY);
        lock(data, dataPath, access.lock());
        if (access == Access.WRITE) {
            lock(data, dataPath, Lock.SHARED);
        }
        int alignment = engine.facts(data.number()).statx().dioOffsetAlignment();
        dataBlock = alignment > 0 ? alignment : Layout.PAGE;
    }

    /** Whether there is a sidecar. */
    boolean exists() throws SealException {
        FileStatus status = engine.status(path);
        if (status.errno() != 0 && status.errno() != Errno.ENOENT) {
            throw new SealException("the sidecar cannot be looked at", path, -status.errno());
        }
        if (status.errno() == 0 && !status.isRegular()) {
            throw new SealException(
                    "a sidecar is a regular file, this is a " + status.kind(), path);
        }
        return status.errno() == 0;
    }

    /** Makes the sidecar, empty. */
    void create() throws SealException {
        int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
        engine.close(openNumber(path, flags));
    }

    /** Opens and locks the sidecar; a writer locks the handle that rings write to. */
    void openSidecar(Access access) throws SealException {
        if (access == Access.READ) {
            pages = open(path, OpenFlags.O_RDONLY);
            lock(pages, path, access.lock());
        } else {
            pages = open(path, OpenFlags.O_RDWR);
            log = open(path, OpenFlags.O_RDWR | OpenFlags.O_DSYNC);
            lock(log, path, access.lock());
        }
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
     * The operation after which what a ring wrote to the log is durable. The log is open with
     * O_DSYNC, which FUSE ignores when a direct write does not wait (Linux 6.18).
     */
    Op durableWrite() {
        return durableWrite;
    }

    private FileHandle open(Path path, int flags) throws SealException {
        FileHandle handle = new FileHandle(openNumber(path, flags));
        open.add(handle);
        return handle;
    }

    private int openNumber(Path path, int flags) throws SealException {
        int number = engine.open(path, flags | OpenFlags.O_DIRECT);
        if (number == -Errno.EINVAL) { // the file system has no direct I/O
            number = engine.open(path, flags & ~OpenFlags.O_EXCL);
        }
        if (number < 0) {
            throw new SealException("it cannot be opened", path, number);
        }
        return number;
    }

    private void lock(FileHandle handle, Path path, Lock mode) throws SealException {
        int failed = engine.lock(handle.number(), mode);
        if (failed == -Errno.EAGAIN) {
            throw new SealException(
                    mode == Lock.EXCLUSIVE
                            ? "others have it open with protection; close those first, since there"
                                    + " is one writer or many readers"
                            : "a writer has it open with protection; close that first, since there"
                                    + " is one writer or many readers",
                    path,
                    failed);
        }
        if (failed < 0) {
            throw new SealException("it cannot be locked", path, failed);
        }
    }

    /** Which file or device the data is, and how long. */
    DataFile dataFile() throws SealException {
        FileFacts facts = engine.facts(data.number());
        FileStatus status = facts.status();
        if (status.errno() != 0) {
            throw new SealException("the data cannot be looked at", dataPath, -status.errno());
        }
        return status.isBlockDevice()
                ? new DataFile(true, facts.volume(), 0, dataSize())
                : new DataFile(false, facts.volume(), status.inode(), dataSize());
    }

    long dataSize() throws SealException {
        return result(engine.size(data.number()), dataPath, "its size cannot be told");
    }

    long sidecarSize() throws SealException {
        return result(engine.size(pages.number()), path, "its size cannot be told");
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
        transfer(Op.READ, pages, block, position, into);
    }

    /** Reads data; what lies behind its end is zeros. */
    void readData(long position, MemorySegment into) throws SealException {
        transfer(Op.READ, data, dataBlock, position, into);
    }

    /** Writes to the sidecar; {@link #force} makes it durable. */
    void write(long position, MemorySegment from) throws SealException {
        transfer(Op.WRITE, pages, Layout.PAGE, position, from);
    }

    /** Writes to the sidecar, and it is durable. */
    void writeDurably(long position, MemorySegment from) throws SealException {
        transfer(Op.WRITE, log, Layout.PAGE, position, from);
    }

    void force() throws SealException {
        result(engine.force(pages.number()), path, "it cannot be forced");
    }

    void forceData() throws SealException {
        result(engine.force(data.number()), dataPath, "it cannot be forced");
    }

    void forceFolder() throws SealException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            result(engine.forceFolder(folder), folder, "it cannot be forced");
        }
    }

    /** Moves all bytes; a read fills with zeros what lies behind the end of the file. */
    private void transfer(Op op, FileHandle file, int unit, long position, MemorySegment memory)
            throws SealException {
        Submission submission = new Submission();
        Progress progress = new Progress();
        progress.start(op, memory.byteSize(), memory.byteSize(), unit);
        do {
            submission.prep(op, file, position + progress.from());
            submission.add(memory, progress.from(), progress.next());
        } while (progress.again(engine.transfer(submission)));
        result(progress.failed(), file == data ? dataPath : path, failure(op));
        if (op == Op.READ) {
            memory.asSlice(progress.moved()).fill((byte) 0);
        }
    }

    private static String failure(Op op) {
        return op == Op.READ ? "it cannot be read" : "it cannot be written";
    }

    private static long result(long result, Path path, String failure) throws SealException {
        if (result < 0) {
            throw new SealException(failure, path, result);
        }
        return result;
    }

    /** Memory for one call, or a few. */
    static MemorySegment allocate(Arena arena, long bytes) {
        return arena.allocate(bytes, Layout.PAGE);
    }

    void background(Runnable task) {
        engine.background(task);
    }

    /** Removes the file that {@link #create} made. */
    void remove() {
        engine.remove(path); // the failure that led here is the one to report
    }

    @Override
    public void close() throws SealException {
        long failed = 0;
        for (FileHandle handle : open.reversed()) {
            handle.end();
            failed = Math.min(failed, engine.close(handle.number()));
        }
        open.clear();
        arena.close();
        result(failed, path, "it cannot be closed");
    }
}
