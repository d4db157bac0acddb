package io.pinbounce.linux;

import jnr.constants.platform.RLIMIT;
import jnr.posix.FileStat;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.RLimit;

/** The control plane through JNR-POSIX. */
final class JnrPosix implements Posix {

    static final JnrPosix INSTANCE = new JnrPosix();

    private final POSIX posix = POSIXFactory.getNativePOSIX();

    private JnrPosix() {}

    @Override
    public int open(String path, int flags, int mode) {
        return result(posix.open(path, flags | OpenFlags.O_CLOEXEC, mode));
    }

    @Override
    public int close(int fd) {
        return result(posix.close(fd));
    }

    @Override
    public FileStatus fstat(int fd) {
        FileStat stat = posix.allocateStat();
        return status(posix.fstat(fd, stat), stat);
    }

    @Override
    public int ftruncate(int fd, long size) {
        return result(posix.ftruncate(fd, size));
    }

    @Override
    public int fsync(int fd) {
        return result(posix.fsync(fd));
    }

    @Override
    public int fdatasync(int fd) {
        return result(posix.fdatasync(fd));
    }

    @Override
    public FileStatus stat(String path) {
        FileStat stat = posix.allocateStat();
        return status(posix.stat(path, stat), stat);
    }

    @Override
    public int unlink(String path) {
        return result(posix.unlink(path));
    }

    @Override
    public int flock(int fd, int operation) {
        return result(posix.flock(fd, operation));
    }

    @Override
    public long memoryLockLimit() {
        RLimit limit = posix.getrlimit(RLIMIT.RLIMIT_MEMLOCK.intValue());
        long bytes = limit.rlimCur();
        return bytes < 0 ? Long.MAX_VALUE : bytes; // RLIM_INFINITY is all ones
    }

    @Override
    public int geteuid() {
        return posix.geteuid();
    }

    private FileStatus status(int returned, FileStat stat) {
        return returned == -1
                ? FileStatus.failed(posix.errno())
                : new FileStatus(
                        0, stat.dev(), stat.ino(), stat.mode(), stat.st_size(), stat.rdev());
    }

    private int result(int returned) {
        return returned == -1 ? -posix.errno() : returned;
    }
}
