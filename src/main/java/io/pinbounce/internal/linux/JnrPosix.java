package io.pinbounce.internal.linux;

import jnr.constants.platform.RLIMIT;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.RLimit;

/** The control plane through JNR-POSIX. */
final class JnrPosix implements Posix {

    static final JnrPosix INSTANCE = new JnrPosix();

    private JnrPosix() {}

    /** Made on first use. */
    private static final class Loaded {

        static final POSIX CALLS = POSIXFactory.getNativePOSIX();

        private Loaded() {}
    }

    @Override
    public int ftruncate(int fd, long size) {
        return result(Loaded.CALLS.ftruncate(fd, size));
    }

    @Override
    public int fsync(int fd) {
        return result(Loaded.CALLS.fsync(fd));
    }

    @Override
    public int unlink(String path) {
        return result(Loaded.CALLS.unlink(path));
    }

    @Override
    public int flock(int fd, int operation) {
        return result(Loaded.CALLS.flock(fd, operation));
    }

    @Override
    public long memoryLockLimit() {
        RLimit limit = Loaded.CALLS.getrlimit(RLIMIT.RLIMIT_MEMLOCK.intValue());
        long bytes = limit.rlimCur();
        return bytes < 0 ? Long.MAX_VALUE : bytes; // RLIM_INFINITY is all ones
    }

    @Override
    public int geteuid() {
        return Loaded.CALLS.geteuid();
    }

    private static int result(int returned) {
        return returned == -1 ? -Loaded.CALLS.errno() : returned;
    }
}
