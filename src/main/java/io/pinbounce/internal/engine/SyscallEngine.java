package io.pinbounce.internal.engine;

import io.pinbounce.internal.linux.DirectTrial;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FactFinder;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.Mount;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.linux.Posix;
import io.pinbounce.internal.linux.SystemPosix;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * The blocking engine: each transfer is one system call, pread or pwrite or their vectored forms.
 * Engines that also have a ring extend it.
 */
public class SyscallEngine implements IoEngine {

    private static final int MAX_RETRIES = 64;

    /**
     * How long a lock that another handle holds is waited for, in nanoseconds, and the pause
     * between tries.
     */
    private static final long LOCK_PATIENCE = 1_000_000_000;

    private static final long LOOK_AGAIN = 5_000_000;

    private static final int NEW_FILE_MODE = 0666; // before the umask

    /** Where procfs has links to the files that this process has open. */
    private static final String OPEN_FILES = "/proc/self/fd/";

    private final LibC libc;

    private final Posix posix;

    /**
     * Makes an engine over given calls.
     *
     * @param libc the data plane
     * @param posix the control plane
     */
    public SyscallEngine(LibC libc, Posix posix) {
        this.libc = libc;
        this.posix = posix;
    }

    @Override
    public String name() {
        return "syscall";
    }

    @Override
    public long transfer(Submission submission) {
        int fd = submission.handle();
        long position = submission.position();
        boolean single = submission.count() == 1;
        return switch (submission.op()) {
            case READ ->
                    single
                            ? libc.pread(fd, submission.piece(0), position)
                            : libc.preadv(fd, submission.memory(), position);
            case WRITE, WRITE_FORCE ->
                    single
                            ? libc.pwrite(fd, submission.piece(0), position)
                            : libc.pwritev(fd, submission.memory(), position);
            case FORCE -> force(fd);
        };
    }

    @Override
    public FileStatus status(Path path) {
        return FileStatus.of(libc, path.toString());
    }

    @Override
    public FileStatus status(int handle) {
        return FileStatus.of(libc, handle);
    }

    @Override
    public int open(Path path, int flags) {
        String name = path.toString();
        return uninterrupted(() -> libc.open(name, flags, NEW_FILE_MODE));
    }

    @Override
    public int reopen(int handle, int flags) {
        return open(Path.of(OPEN_FILES + handle), flags);
    }

    /** Without procfs, such a file could not be given a name, so it is not made. */
    @Override
    public int openUnnamed(Path path, int flags) {
        Path folder = path.toAbsolutePath().getParent();
        int handle = folder == null ? -Errno.EISDIR : open(folder, flags | OpenFlags.O_TMPFILE);
        if (handle == -Errno.EISDIR) {
            return -Errno.EOPNOTSUPP; // the answer of file systems that do not know the flag
        }
        if (handle >= 0) {
            FileStatus named = FileStatus.of(libc, OPEN_FILES + handle);
            if (named.errno() != 0 || !named.isSameFile(FileStatus.of(libc, handle))) {
                libc.close(handle);
                return -Errno.EOPNOTSUPP;
            }
        }
        return handle;
    }

    @Override
    public int link(int handle, Path path) {
        return libc.link(handle, path.toString());
    }

    /**
     * Where the kernel cannot do it in one step, the file has both names for a moment. Not on FUSE:
     * a server that goes by names would make another inode of the new one, whose size and locks are
     * not those of the file that is open.
     */
    @Override
    public int renameNew(Path from, Path to) {
        int result = libc.renameNew(from.toString(), to.toString());
        if (result != -Errno.EINVAL && result != -Errno.ENOSYS) {
            return result;
        }
        int handle = open(from, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW);
        if (handle < 0) {
            return handle;
        }
        Mount mount = facts(handle).mount();
        boolean linked = mount == null || !mount.fileSystem().startsWith("fuse");
        result = linked ? libc.link(handle, to.toString()) : renameToTaken(from, to);
        libc.close(handle);
        return result < 0 || !linked ? result : remove(from);
    }

    /**
     * Takes a name with an empty file, which is locked until the file that is renamed is there.
     * Another process may lock it first, and remove it as what a killed process has left behind.
     */
    private int renameToTaken(Path from, Path to) {
        int taken = open(to, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL);
        if (taken < 0) {
            return taken;
        }
        int result = lock(taken, Lock.EXCLUSIVE);
        if (result == -Errno.EAGAIN || !status(to).isSameFile(status(taken))) {
            result = -Errno.EEXIST;
        } else {
            result = result == 0 ? libc.rename(from.toString(), to.toString()) : result;
            if (result < 0) {
                remove(to);
            }
        }
        libc.close(taken);
        return result;
    }

    /** The owner comes first: it clears bits of the permissions. */
    @Override
    public int own(int handle, FileStatus like) {
        int result = libc.fchown(handle, like.owner(), like.group());
        if (result == -Errno.EPERM) { // only root may give files away, but the group may be ours
            result = libc.fchown(handle, -1, like.group());
        }
        int permitted = libc.fchmod(handle, like.permissions());
        return permitted < 0 ? permitted : result;
    }

    @Override
    public long attribute(int handle, String name, MemorySegment value) {
        return libc.fgetxattr(handle, name, value);
    }

    @Override
    public int setAttribute(int handle, String name, MemorySegment value) {
        return value.byteSize() == 0
                ? libc.fremovexattr(handle, name)
                : libc.fsetxattr(handle, name, value);
    }

    @Override
    public FileFacts facts(int handle) {
        return FactFinder.factsOf(libc, handle);
    }

    @Override
    public long size(int handle) {
        FileStatus status = FileStatus.of(libc, handle);
        if (status.errno() != 0) {
            return -status.errno();
        }
        return status.isBlockDevice() ? libc.deviceSize(handle) : status.size();
    }

    /** If the file system cannot tell, all counts as stored, so no data is taken for a hole. */
    @Override
    public long nextData(int handle, long position) {
        long data = libc.lseek(handle, position, LibC.SEEK_DATA);
        return data == -Errno.ENXIO ? Long.MAX_VALUE : Math.max(data, position);
    }

    @Override
    public int truncate(int handle, long size) {
        return uninterrupted(() -> libc.ftruncate(handle, size));
    }

    @Override
    public int allocate(int handle, long position, long length) {
        return uninterrupted(() -> (int) libc.fallocate(handle, 0, position, length));
    }

    @Override
    public int force(int handle) {
        return uninterrupted(() -> libc.fdatasync(handle));
    }

    @Override
    public int forceFolder(Path folder) {
        int fd = open(folder, OpenFlags.O_RDONLY);
        if (fd < 0) {
            return fd;
        }
        int result = uninterrupted(() -> posix.fsync(fd));
        libc.close(fd);
        return result;
    }

    /**
     * Tries again for a while: a process that was killed keeps its locks until its rings are gone,
     * and udev locks a device for as long as it looks at it.
     */
    @Override
    public int lock(int handle, Lock mode) {
        int kind =
                switch (mode) {
                    case NONE -> Posix.LOCK_UN;
                    case SHARED -> Posix.LOCK_SH;
                    case EXCLUSIVE -> Posix.LOCK_EX;
                };
        long start = System.nanoTime();
        int result = uninterrupted(() -> posix.flock(handle, kind | Posix.LOCK_NB));
        while (result == -Errno.EAGAIN && System.nanoTime() - start < LOCK_PATIENCE) {
            LockSupport.parkNanos(LOOK_AGAIN);
            result = uninterrupted(() -> posix.flock(handle, kind | Posix.LOCK_NB));
        }
        return result;
    }

    @Override
    public DirectTrial.Answer tryDirect(int handle) {
        return DirectTrial.beside(libc, handle);
    }

    @Override
    public long cachedPages(int handle, long position, long length) {
        return libc.cachedPages(handle, position, length);
    }

    @Override
    public int close(int handle) {
        return libc.close(handle);
    }

    @Override
    public int remove(Path path) {
        return posix.unlink(path.toString());
    }

    /** Repeats a call that a signal has interrupted; the pipeline repeats transfers. */
    private static int uninterrupted(IntSupplier call) {
        int result = call.getAsInt();
        for (int i = 0; result == -Errno.EINTR && i < MAX_RETRIES; i++) {
            result = call.getAsInt();
        }
        return result;
    }

    /** Made on first use: linking the calls takes a tenth of a second. */
    static final class Shared {

        static final IoEngine ENGINE = new SyscallEngine(LibC.system(), SystemPosix.calls());

        private Shared() {}
    }
}
