package io.pinbounce.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls of io_uring, which the C library does not wrap. Every method returns the call's
 * result, or {@code -errno}.
 */
final class UringSyscalls {

    /** {@code __NR_io_uring_setup}, the same on every architecture (asm-generic/unistd.h). */
    static final long SYS_IO_URING_SETUP = 425;

    /** {@code sizeof(struct io_uring_params)}, linux/io_uring.h. */
    static final long PARAMS_SIZE = 120;

    private static final MethodHandle SETUP =
            FfmLibC.LINKER.downcallHandle(
                    FfmLibC.symbol("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS),
                    FfmLibC.ERRNO,
                    Linker.Option.firstVariadicArg(1));

    private UringSyscalls() {}

    /**
     * Makes a ring.
     *
     * @param entries submissions that it holds
     * @param params {@link #PARAMS_SIZE} bytes: flags wanted go in, offsets and features come out
     * @return a file descriptor, or {@code -errno}
     */
    static long setup(int entries, MemorySegment params) {
        MemorySegment state = FfmLibC.STATE.get();
        try {
            return FfmLibC.result(
                    (long) SETUP.invokeExact(state, SYS_IO_URING_SETUP, entries, params), state);
        } catch (Throwable t) {
            throw FfmLibC.propagate(t);
        }
    }
}
