package io.pinbounce.internal.linux;

import static io.pinbounce.internal.linux.Downcall.STATE;
import static io.pinbounce.internal.linux.Downcall.find;
import static io.pinbounce.internal.linux.Downcall.propagate;
import static io.pinbounce.internal.linux.Downcall.result;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The control plane through FFM: the twin of {@link JnrPosix}, which needs nothing but the JDK. */
final class FfmPosix implements Posix {

    /** {@code RLIMIT_MEMLOCK} of asm-generic/resource.h. */
    static final int RLIMIT_MEMLOCK = 8;

    /** {@code struct rlimit} of bits/resource.h: soft limit, then hard limit. */
    static final int RLIMIT_SIZE = 16;

    private static final MethodHandle FSYNC = find("fsync", JAVA_INT, JAVA_INT);

    private static final MethodHandle UNLINK = find("unlink", JAVA_INT, ADDRESS);

    private static final MethodHandle FLOCK = find("flock", JAVA_INT, JAVA_INT, JAVA_INT);

    private static final MethodHandle GETRLIMIT = find("getrlimit", JAVA_INT, JAVA_INT, ADDRESS);

    private static final MethodHandle GETEUID = find("geteuid", JAVA_INT);

    @Override
    public int fsync(int fd) {
        MemorySegment state = STATE.get();
        try {
            return (int) result((int) FSYNC.invokeExact(state, fd), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int unlink(String path) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return (int) result((int) UNLINK.invokeExact(state, name), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int flock(int fd, int operation) {
        MemorySegment state = STATE.get();
        try {
            return (int) result((int) FLOCK.invokeExact(state, fd, operation), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long memoryLockLimit() {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(RLIMIT_SIZE, 8);
            long failed = result((int) GETRLIMIT.invokeExact(state, RLIMIT_MEMLOCK, answer), state);
            return failed < 0 ? failed : limit(answer.get(JAVA_LONG, 0));
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    /** A soft limit as the kernel has it; {@code RLIM_INFINITY} is all ones. */
    static long limit(long soft) {
        return soft < 0 ? Long.MAX_VALUE : soft;
    }

    @Override
    public int geteuid() {
        MemorySegment state = STATE.get();
        try {
            return (int) GETEUID.invokeExact(state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }
}
