package io.pinbounce.internal.linux;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The control plane through JNR-POSIX. */
final class JnrPosix implements Posix {

    /** Names the only folder that JNR-POSIX's own native library is unpacked into. */
    private static final String UNPACK = "jffi.extract.dir";

    private final POSIX calls = POSIXFactory.getNativePOSIX();

    private final Runtime runtime = Runtime.getSystemRuntime();

    /** Makes each call once, so that none is found later not to work. */
    private JnrPosix() {
        geteuid();
        memoryLockLimit();
        if (fsync(-1) >= 0 || flock(-1, LOCK_SH) >= 0 || unlink("") >= 0) {
            throw new IllegalStateException("it does not report errors");
        }
    }

    /**
     * Loads JNR-POSIX. Left alone it unpacks its library into the temporary folder, tries the
     * current one where that forbids code, and leaves in both what it could not load. So it gets a
     * folder of its own, which is removed again, unless the user has named one.
     *
     * @return calls that work
     * @throws Throwable why there are none
     */
    static JnrPosix load() throws Throwable {
        if (System.getProperty(UNPACK) != null) {
            return made();
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Path folder = newFolder();
        System.setProperty(UNPACK, String.valueOf(folder == null ? temporary : folder));
        try {
            return made();
        } finally {
            System.clearProperty(UNPACK);
            if (folder != null) {
                for (Path left : KernelFiles.list(folder)) {
                    Files.deleteIfExists(left);
                }
                Files.deleteIfExists(folder);
            }
        }
    }

    /** Null where none can be made: JNR-POSIX says why, unless its library is installed. */
    private static @Nullable Path newFolder() {
        try {
            return Files.createTempDirectory("pinbounce");
        } catch (IOException _) {
            return null;
        }
    }

    private static JnrPosix made() throws Throwable {
        try {
            return new JnrPosix();
        } catch (LinkageError e) {
            // The error leaves out why the library could not be unpacked.
            Throwable unpacking = com.kenai.jffi.internal.StubLoader.getFailureCause();
            throw unpacking == null ? e : unpacking;
        }
    }

    @Override
    public int fsync(int fd) {
        return result(calls.fsync(fd));
    }

    @Override
    public int unlink(String path) {
        return result(calls.unlink(path));
    }

    @Override
    public int flock(int fd, int operation) {
        return result(calls.flock(fd, operation));
    }

    @Override
    public long memoryLockLimit() {
        Pointer limit = Memory.allocateDirect(runtime, FfmPosix.RLIMIT_SIZE);
        int failed = result(calls.getrlimit(FfmPosix.RLIMIT_MEMLOCK, limit));
        return failed < 0 ? failed : FfmPosix.limit(limit.getLong(0));
    }

    @Override
    public int geteuid() {
        return calls.geteuid();
    }

    private int result(int returned) {
        return returned == -1 ? -calls.errno() : returned;
    }
}
