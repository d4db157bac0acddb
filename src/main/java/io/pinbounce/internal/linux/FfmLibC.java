package io.pinbounce.internal.linux;

import static io.pinbounce.internal.linux.Downcall.ERRNO;
import static io.pinbounce.internal.linux.Downcall.LINKER;
import static io.pinbounce.internal.linux.Downcall.STATE;
import static io.pinbounce.internal.linux.Downcall.ask;
import static io.pinbounce.internal.linux.Downcall.find;
import static io.pinbounce.internal.linux.Downcall.propagate;
import static io.pinbounce.internal.linux.Downcall.result;
import static io.pinbounce.internal.linux.Downcall.symbol;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.UUID;

/**
 * All FFM of the C library. Handles are constants, so that the JIT sees through them; each wrapper
 * is one call, {@code -errno} made from the thread's captured {@code errno}.
 */
final class FfmLibC implements LibC {

    /** {@code struct iovec} of linux/uio.h: base address, then length. */
    static final long IOVEC_SIZE = 16;

    /** {@code struct statfs} of bits/statfs.h, on architectures of 64 bits. */
    static final long STATFS_SIZE = 120;

    static final long STATFS_FSID = 56;

    /** {@code struct cachestat_range} of linux/mman.h: offset, then length. */
    static final long CACHESTAT_RANGE_SIZE = 16;

    /**
     * {@code struct cachestat} of linux/mman.h: five counters of 8 bytes, {@code nr_cache} first.
     */
    static final long CACHESTAT_SIZE = 40;

    /** {@code __NR_cachestat}, the same on every architecture since system calls were unified. */
    static final long SYS_CACHESTAT = 451;

    /** {@code _IOR(0x12, 114, size_t)} of linux/fs.h. */
    static final long BLKGETSIZE64 = 0x80081272L;

    /** Of linux/fcntl.h. */
    static final int AT_SYMLINK_FOLLOW = 0x400;

    /** Of linux/fs.h. */
    static final int RENAME_NOREPLACE = 1;

    /** Where procfs has links to the files that this process has open. */
    static final String OPEN_FILES = "/proc/self/fd/";

    private static final MethodHandle OPEN =
            LINKER.downcallHandle(
                    symbol("open"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
                    ERRNO,
                    Linker.Option.firstVariadicArg(2));

    private static final MethodHandle CLOSE = find("close", JAVA_INT, JAVA_INT);

    private static final MethodHandle FDATASYNC = find("fdatasync", JAVA_INT, JAVA_INT);

    private static final MethodHandle PREAD =
            find("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle PWRITE =
            find("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle STATX =
            find("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

    private static final MethodHandle IOCTL =
            LINKER.downcallHandle(
                    symbol("ioctl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                    ERRNO,
                    Linker.Option.firstVariadicArg(2));

    private static final MethodHandle FSTATFS = find("fstatfs", JAVA_INT, JAVA_INT, ADDRESS);

    static final MethodHandle MMAP =
            find("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);

    private static final MethodHandle MADVISE =
            find("madvise", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);

    /** A thread's iovec array: {@link LibC#MAX_VECTOR} entries. */
    private static final ThreadLocal<MemorySegment> IOVECS =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(MAX_VECTOR * IOVEC_SIZE, 8));

    /** After all that its constructor uses: statics are initialised from top to bottom. */
    static final FfmLibC INSTANCE = new FfmLibC();

    private final int pageSize = ask(symbol("getpagesize"));

    private FfmLibC() {}

    /** Linked on first use: each shape of call takes some ten milliseconds of a start. */
    private static final class Vectored {

        static final MethodHandle PREADV2 = findVectored("preadv2");

        static final MethodHandle PWRITEV2 = findVectored("pwritev2");

        private Vectored() {}

        /**
         * {@code ssize_t preadv2(int fd, const struct iovec *, int count, off_t position, int
         * flags)}.
         */
        private static MethodHandle findVectored(String name) {
            MemoryLayout[] arguments = new MemoryLayout[5 + MAX_VECTOR];
            arguments[0] = JAVA_INT;
            arguments[1] = ADDRESS;
            arguments[2] = JAVA_INT;
            arguments[3] = JAVA_LONG;
            arguments[4] = JAVA_INT;
            for (int i = 5; i < arguments.length; i++) {
                arguments[i] = ADDRESS;
            }
            return find(name, JAVA_LONG, arguments);
        }
    }

    /** Requests do not need these, so they are linked on first use, too. */
    private static final class Rare {

        static final MethodHandle MUNMAP = find("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);

        static final MethodHandle FALLOCATE =
                find("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

        static final MethodHandle FTRUNCATE = find("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);

        static final MethodHandle LSEEK = find("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);

        static final MethodHandle CACHESTAT =
                LINKER.downcallHandle(
                        symbol("syscall"),
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
                        ERRNO,
                        Linker.Option.firstVariadicArg(1));

        private Rare() {}
    }

    /** What the files of a sidecar need when they are opened. */
    private static final class Names {

        static final MethodHandle GETRANDOM =
                find("getrandom", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT);

        static final MethodHandle LINKAT =
                find("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);

        static final MethodHandle RENAMEAT2 =
                find("renameat2", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);

        static final MethodHandle FCHOWN = find("fchown", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

        static final MethodHandle FCHMOD = find("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);

        static final MethodHandle FGETXATTR =
                find("fgetxattr", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);

        static final MethodHandle FSETXATTR =
                find("fsetxattr", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);

        static final MethodHandle FREMOVEXATTR = find("fremovexattr", JAVA_INT, JAVA_INT, ADDRESS);

        private Names() {}
    }

    @Override
    public int open(String path, int flags, int mode) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            int wanted = flags | OpenFlags.O_CLOEXEC;
            return (int) result((int) OPEN.invokeExact(state, name, wanted, mode), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int close(int fd) {
        MemorySegment state = STATE.get();
        try {
            return (int) result((int) CLOSE.invokeExact(state, fd), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int fdatasync(int fd) {
        MemorySegment state = STATE.get();
        try {
            return (int) result((int) FDATASYNC.invokeExact(state, fd), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        MemorySegment state = STATE.get();
        try {
            return result((long) Rare.LSEEK.invokeExact(state, fd, offset, whence), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long pread(int fd, MemorySegment memory, long position) {
        MemorySegment state = STATE.get();
        try {
            return result(
                    (long) PREAD.invokeExact(state, fd, memory, memory.byteSize(), position),
                    state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long pwrite(int fd, MemorySegment memory, long position) {
        MemorySegment state = STATE.get();
        try {
            return result(
                    (long) PWRITE.invokeExact(state, fd, memory, memory.byteSize(), position),
                    state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long preadv(int fd, List<MemorySegment> vector, long position) {
        return vectored(Vectored.PREADV2, fd, vector, position);
    }

    @Override
    public long pwritev(int fd, List<MemorySegment> vector, long position) {
        return vectored(Vectored.PWRITEV2, fd, vector, position);
    }

    @Override
    public long statx(int dirFd, String path, int flags, int mask, MemorySegment answer) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return result((int) STATX.invokeExact(state, dirFd, name, flags, mask, answer), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long ioctl(int fd, long request, MemorySegment argument) {
        MemorySegment state = STATE.get();
        try {
            return result((int) IOCTL.invokeExact(state, fd, request, argument), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long fallocate(int fd, int mode, long position, long length) {
        MemorySegment state = STATE.get();
        try {
            return result(
                    (int) Rare.FALLOCATE.invokeExact(state, fd, mode, position, length), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    /** Through procfs, as linkat(2) tells users without CAP_DAC_READ_SEARCH. */
    @Override
    public int link(int fd, String path) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocateFrom(OPEN_FILES + fd);
            MemorySegment name = arena.allocateFrom(path);
            int here = Statx.AT_FDCWD;
            return (int)
                    result(
                            (int)
                                    Names.LINKAT.invokeExact(
                                            state, here, file, here, name, AT_SYMLINK_FOLLOW),
                            state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int renameNew(String from, String to) {
        return rename(from, to, RENAME_NOREPLACE);
    }

    @Override
    public int rename(String from, String to) {
        return rename(from, to, 0);
    }

    private static int rename(String from, String to, int flags) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocateFrom(from);
            MemorySegment name = arena.allocateFrom(to);
            int here = Statx.AT_FDCWD;
            return (int)
                    result(
                            (int) Names.RENAMEAT2.invokeExact(state, here, old, here, name, flags),
                            state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int fchown(int fd, int owner, int group) {
        MemorySegment state = STATE.get();
        try {
            return (int) result((int) Names.FCHOWN.invokeExact(state, fd, owner, group), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int fchmod(int fd, int permissions) {
        MemorySegment state = STATE.get();
        try {
            return (int) result((int) Names.FCHMOD.invokeExact(state, fd, permissions), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long fgetxattr(int fd, String name, MemorySegment value) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            long size = value.byteSize();
            return result((long) Names.FGETXATTR.invokeExact(state, fd, text, value, size), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int fsetxattr(int fd, String name, MemorySegment value) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            long size = value.byteSize();
            return (int)
                    result(
                            (int) Names.FSETXATTR.invokeExact(state, fd, text, value, size, 0),
                            state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int fremovexattr(int fd, String name) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return (int) result((int) Names.FREMOVEXATTR.invokeExact(state, fd, text), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public int ftruncate(int fd, long size) {
        MemorySegment state = STATE.get();
        try {
            return (int) result((int) Rare.FTRUNCATE.invokeExact(state, fd, size), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long deviceSize(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(JAVA_LONG);
            long result = ioctl(fd, BLKGETSIZE64, answer);
            return result < 0 ? result : answer.get(JAVA_LONG, 0);
        }
    }

    @Override
    public long fileSystemId(int fd) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(STATFS_SIZE, 8);
            long result = result((int) FSTATFS.invokeExact(state, fd, answer), state);
            return result < 0 ? 0 : answer.get(JAVA_LONG, STATFS_FSID);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long random() {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_LONG);
            long size = number.byteSize();
            long filled = result((long) Names.GETRANDOM.invokeExact(state, number, size, 0), state);
            return filled == size
                    ? number.get(JAVA_LONG, 0)
                    : UUID.randomUUID().getLeastSignificantBits(); // a filter refuses the call
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long cachedPages(int fd, long position, long length) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = arena.allocate(CACHESTAT_RANGE_SIZE, 8);
            range.set(JAVA_LONG, 0, position);
            range.set(JAVA_LONG, 8, length);
            MemorySegment answer = arena.allocate(CACHESTAT_SIZE, 8);
            long result =
                    result(
                            (long)
                                    Rare.CACHESTAT.invokeExact(
                                            state, SYS_CACHESTAT, fd, range, answer, 0),
                            state);
            return result < 0 ? result : answer.get(JAVA_LONG, 0);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long mmap(long length, int protection, int flags) {
        MemorySegment state = STATE.get();
        try {
            return result(
                    (long) MMAP.invokeExact(state, 0L, length, protection, flags, -1, 0L), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long munmap(long address, long length) {
        MemorySegment state = STATE.get();
        try {
            return result((int) Rare.MUNMAP.invokeExact(state, address, length), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    public long madvise(long address, long length, int advice) {
        MemorySegment state = STATE.get();
        try {
            return result((int) MADVISE.invokeExact(state, address, length, advice), state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    @Override
    @SuppressWarnings("restricted")
    public MemorySegment adopt(long address, long length, Arena arena, Runnable ended) {
        return MemorySegment.ofAddress(address).reinterpret(length, arena, _ -> ended.run());
    }

    @Override
    public int pageSize() {
        return pageSize;
    }

    /**
     * One vectored call. The kernel sees addresses in the iovec array only; every segment goes
     * along as a surplus pointer argument too, which the C function ignores, so that the down-call
     * holds its scope until the kernel is done.
     */
    private static long vectored(
            MethodHandle handle, int fd, List<MemorySegment> vector, long position) {
        int count = vector.size();
        if (count < 1 || count > MAX_VECTOR) {
            throw new IllegalArgumentException(
                    "a vector has 1 to " + MAX_VECTOR + " segments, segments=" + count);
        }
        MemorySegment iovecs = IOVECS.get();
        for (int i = 0; i < count; i++) {
            MemorySegment memory = vector.get(i);
            iovecs.set(JAVA_LONG, i * IOVEC_SIZE, memory.address());
            iovecs.set(JAVA_LONG, i * IOVEC_SIZE + 8, memory.byteSize());
        }
        MemorySegment state = STATE.get();
        try {
            return result(
                    (long)
                            handle.invokeExact(
                                    state,
                                    fd,
                                    iovecs,
                                    count,
                                    position,
                                    0,
                                    held(vector, 0),
                                    held(vector, 1),
                                    held(vector, 2),
                                    held(vector, 3),
                                    held(vector, 4),
                                    held(vector, 5),
                                    held(vector, 6),
                                    held(vector, 7),
                                    held(vector, 8),
                                    held(vector, 9),
                                    held(vector, 10),
                                    held(vector, 11),
                                    held(vector, 12),
                                    held(vector, 13),
                                    held(vector, 14),
                                    held(vector, 15)),
                    state);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    private static MemorySegment held(List<MemorySegment> vector, int index) {
        return index < vector.size() ? vector.get(index) : MemorySegment.NULL;
    }
}
