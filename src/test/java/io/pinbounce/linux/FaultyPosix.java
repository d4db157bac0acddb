package io.pinbounce.linux;

import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The control plane, with calls that fail. */
public class FaultyPosix implements Posix {

    private final Posix posix = Posix.system();

    private final Faults faults;

    /** The machine's own calls, but for what the plan says. */
    public FaultyPosix(Faults faults) {
        this.faults = faults;
    }

    @Override
    public int open(String path, int flags, int mode) {
        return call("open", () -> posix.open(path, flags, mode));
    }

    @Override
    public int close(int fd) {
        int result = posix.close(fd); // the descriptor is gone even if closing fails
        return call("close", () -> result);
    }

    @Override
    public FileStatus fstat(int fd) {
        return status("fstat", () -> posix.fstat(fd));
    }

    @Override
    public int ftruncate(int fd, long size) {
        return call("ftruncate", () -> posix.ftruncate(fd, size));
    }

    @Override
    public int fsync(int fd) {
        return call("fsync", () -> posix.fsync(fd));
    }

    @Override
    public int fdatasync(int fd) {
        return call("fdatasync", () -> posix.fdatasync(fd));
    }

    @Override
    public FileStatus stat(String path) {
        return status("stat", () -> posix.stat(path));
    }

    @Override
    public int unlink(String path) {
        return call("unlink", () -> posix.unlink(path));
    }

    @Override
    public int flock(int fd, int operation) {
        return call("flock", () -> posix.flock(fd, operation));
    }

    @Override
    public long memoryLockLimit() {
        Faults.Fault fault = faults.next("memoryLockLimit");
        return fault.fails() ? -fault.errno() : posix.memoryLockLimit();
    }

    @Override
    public int geteuid() {
        return posix.geteuid();
    }

    private int call(String method, IntSupplier call) {
        Faults.Fault fault = faults.next(method);
        return fault.fails() ? -fault.errno() : call.getAsInt();
    }

    private FileStatus status(String method, Supplier<FileStatus> call) {
        Faults.Fault fault = faults.next(method);
        return fault.fails() ? FileStatus.failed(fault.errno()) : call.get();
    }
}
