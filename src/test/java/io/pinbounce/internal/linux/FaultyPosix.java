package io.pinbounce.internal.linux;

import java.util.function.IntSupplier;

/** The control plane, with calls that fail. */
public final class FaultyPosix implements Posix {

    private final Posix posix = SystemPosix.calls();

    private final Faults faults;

    /** Makes the machine's calls, except those that the plan changes. */
    public FaultyPosix(Faults faults) {
        this.faults = faults;
    }

    @Override
    public int fsync(int fd) {
        return call("fsync", () -> posix.fsync(fd));
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
}
