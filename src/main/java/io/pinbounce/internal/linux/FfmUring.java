package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** All FFM of io_uring, and of what a ring needs beside it. */
final class FfmUring implements UringSyscalls {

    /** {@code __NR_io_uring_setup}, the same on every architecture (asm-generic/unistd.h). */
    static final long SYS_IO_URING_SETUP = 425;

    /** {@code __NR_io_uring_enter} (asm-generic/unistd.h). */
    static final long SYS_IO_URING_ENTER = 426;

    /** {@code __NR_io_uring_register} (asm-generic/unistd.h). */
    static final long SYS_IO_URING_REGISTER = 427;

    /** {@code MAP_SHARED} of linux/mman.h: the kernel is the other side. */
    static final int MAP_SHARED = 0x01;

    /** {@code EFD_NONBLOCK} of sys/eventfd.h, which is {@code O_NONBLOCK}. */
    static final int EFD_NONBLOCK = 0x800;

    /** {@code EFD_CLOEXEC} of sys/eventfd.h, which is {@code O_CLOEXEC}. */
    static final int EFD_CLOEXEC = 0x80000;

    private static final MethodHandle SETUP = findSyscall(JAVA_INT, ADDRESS);

    private static final MethodHandle ENTER =
            findSyscall(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);

    private static final MethodHandle REGISTER = findSyscall(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    private static final MethodHandle EVENTFD =
            Downcall.find("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);

    private static final MethodHandle EVENTFD_READ =
            Downcall.find("eventfd_read", JAVA_INT, JAVA_INT, ADDRESS);

    private static final MethodHandle PIPE2 = Downcall.find("pipe2", JAVA_INT, ADDRESS, JAVA_INT);

    /** After all that its methods use: statics are initialised from top to bottom. */
    static final FfmUring INSTANCE = new FfmUring();

    private FfmUring() {}

    /** Linked on first use, which comes after the first request. */
    private static final class Late {

        static final MethodHandle EVENTFD_WRITE =
                Downcall.find("eventfd_write", JAVA_INT, JAVA_INT, JAVA_LONG);

        private Late() {}
    }

    @Override
    public long setup(int entries, MemorySegment params) {
        MemorySegment state = Downcall.STATE.get();
        try {
            return Downcall.result(
                    (long) SETUP.invokeExact(state, SYS_IO_URING_SETUP, entries, params), state);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    @Override
    public long enter(int ring, int submit, int min, int flags, MemorySegment argument, long size) {
        MemorySegment state = Downcall.STATE.get();
        try {
            return Downcall.result(
                    (long)
                            ENTER.invokeExact(
                                    state,
                                    SYS_IO_URING_ENTER,
                                    ring,
                                    submit,
                                    min,
                                    flags,
                                    argument,
                                    size),
                    state);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    @Override
    public long register(int ring, int opcode, MemorySegment argument, int count) {
        MemorySegment state = Downcall.STATE.get();
        try {
            return Downcall.result(
                    (long)
                            REGISTER.invokeExact(
                                    state, SYS_IO_URING_REGISTER, ring, opcode, argument, count),
                    state);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    @Override
    public long mmap(int ring, long length, long offset) {
        MemorySegment state = Downcall.STATE.get();
        int protection = LibC.PROT_READ | LibC.PROT_WRITE;
        int flags = MAP_SHARED | LibC.MAP_POPULATE;
        try {
            return Downcall.result(
                    (long)
                            FfmLibC.MMAP.invokeExact(
                                    state, 0L, length, protection, flags, ring, offset),
                    state);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    @Override
    public long eventfd() {
        MemorySegment state = Downcall.STATE.get();
        try {
            return Downcall.result(
                    (int) EVENTFD.invokeExact(state, 0, EFD_NONBLOCK | EFD_CLOEXEC), state);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    @Override
    public long raise(int fd) {
        MemorySegment state = Downcall.STATE.get();
        try {
            return Downcall.result((int) Late.EVENTFD_WRITE.invokeExact(state, fd, 1L), state);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    @Override
    public long lower(int fd) {
        MemorySegment state = Downcall.STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            return Downcall.result(
                    (int) EVENTFD_READ.invokeExact(state, fd, arena.allocate(JAVA_LONG)), state);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    @Override
    public long pipe(MemorySegment ends) {
        MemorySegment state = Downcall.STATE.get();
        try {
            return Downcall.result(
                    (int) PIPE2.invokeExact(state, ends, EFD_NONBLOCK | EFD_CLOEXEC), state);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    /** {@code long syscall(long number, ...)}, as one call sees it. */
    private static MethodHandle findSyscall(MemoryLayout... arguments) {
        MemoryLayout[] all = new MemoryLayout[arguments.length + 1];
        all[0] = JAVA_LONG;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Downcall.LINKER.downcallHandle(
                Downcall.symbol("syscall"),
                FunctionDescriptor.of(JAVA_LONG, all),
                Downcall.ERRNO,
                Linker.Option.firstVariadicArg(1));
    }
}
