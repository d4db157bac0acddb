package io.pinbounce.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The C library, with calls that fail or move less than asked for. */
public class FaultyLibC implements LibC {

    private final LibC libc = LibC.system();

    private final Faults faults;

    /** Makes the machine's calls, except those that the plan changes. */
    public FaultyLibC(Faults faults) {
        this.faults = faults;
    }

    @Override
    public int open(String path, int flags, int mode) {
        return (int) call("open", () -> libc.open(path, flags, mode));
    }

    @Override
    public int close(int fd) {
        int result = libc.close(fd); // the descriptor is gone even if closing fails
        return (int) call("close", () -> result);
    }

    @Override
    public int fdatasync(int fd) {
        return (int) call("fdatasync", () -> libc.fdatasync(fd));
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        return call("lseek", () -> libc.lseek(fd, offset, whence));
    }

    @Override
    public long pread(int fd, MemorySegment memory, long position) {
        return transfer("pread", List.of(memory), v -> libc.pread(fd, v.getFirst(), position));
    }

    @Override
    public long pwrite(int fd, MemorySegment memory, long position) {
        return transfer("pwrite", List.of(memory), v -> libc.pwrite(fd, v.getFirst(), position));
    }

    @Override
    public long preadv(int fd, List<MemorySegment> vector, long position) {
        return transfer("preadv", vector, v -> libc.preadv(fd, v, position));
    }

    @Override
    public long pwritev(int fd, List<MemorySegment> vector, long position) {
        return transfer("pwritev", vector, v -> libc.pwritev(fd, v, position));
    }

    @Override
    public long statx(int dirFd, String path, int flags, int mask, MemorySegment answer) {
        return call("statx", () -> libc.statx(dirFd, path, flags, mask, answer));
    }

    @Override
    public int link(int fd, String path) {
        return (int) call("linkat", () -> libc.link(fd, path));
    }

    @Override
    public int renameNew(String from, String to) {
        return (int) call("renameat2", () -> libc.renameNew(from, to));
    }

    @Override
    public int rename(String from, String to) {
        return (int) call("renameat2", () -> libc.rename(from, to));
    }

    @Override
    public int fchown(int fd, int owner, int group) {
        return (int) call("fchown", () -> libc.fchown(fd, owner, group));
    }

    @Override
    public int fchmod(int fd, int permissions) {
        return (int) call("fchmod", () -> libc.fchmod(fd, permissions));
    }

    @Override
    public long fgetxattr(int fd, String name, MemorySegment value) {
        return call("fgetxattr", () -> libc.fgetxattr(fd, name, value));
    }

    @Override
    public int fsetxattr(int fd, String name, MemorySegment value) {
        return (int) call("fsetxattr", () -> libc.fsetxattr(fd, name, value));
    }

    @Override
    public int fremovexattr(int fd, String name) {
        return (int) call("fremovexattr", () -> libc.fremovexattr(fd, name));
    }

    @Override
    public long ioctl(int fd, long request, MemorySegment argument) {
        return call("ioctl", () -> libc.ioctl(fd, request, argument));
    }

    @Override
    public long fallocate(int fd, int mode, long position, long length) {
        return call("fallocate", () -> libc.fallocate(fd, mode, position, length));
    }

    @Override
    public int ftruncate(int fd, long size) {
        return (int) call("ftruncate", () -> libc.ftruncate(fd, size));
    }

    @Override
    public long random() {
        return libc.random();
    }

    @Override
    public long deviceSize(int fd) {
        return call("deviceSize", () -> libc.deviceSize(fd));
    }

    @Override
    public long fileSystemId(int fd) {
        return libc.fileSystemId(fd);
    }

    @Override
    public long cachedPages(int fd, long position, long length) {
        return call("cachedPages", () -> libc.cachedPages(fd, position, length));
    }

    @Override
    public long mmap(long length, int protection, int flags) {
        return call("mmap", () -> libc.mmap(length, protection, flags));
    }

    @Override
    public long munmap(long address, long length) {
        return call("munmap", () -> libc.munmap(address, length));
    }

    @Override
    public long madvise(long address, long length, int advice) {
        return call("madvise", () -> libc.madvise(address, length, advice));
    }

    @Override
    public MemorySegment adopt(long address, long length, Arena arena, Runnable ended) {
        return libc.adopt(address, length, arena, ended);
    }

    @Override
    public int pageSize() {
        return libc.pageSize();
    }

    private long call(String method, LongSupplier call) {
        Faults.Fault fault = faults.next(method);
        return fault.fails() ? -fault.errno() : call.getAsLong();
    }

    private long transfer(String method, List<MemorySegment> memory, Transfer transfer) {
        Faults.Fault fault = faults.next(method);
        if (fault.fails()) {
            return -fault.errno();
        }
        List<MemorySegment> part = firstBytes(memory, fault.longest());
        return part.isEmpty() ? 0 : transfer.move(part);
    }

    private static List<MemorySegment> firstBytes(List<MemorySegment> memory, long bytes) {
        List<MemorySegment> part = new ArrayList<>();
        long left = bytes;
        for (MemorySegment segment : memory) {
            long size = Math.min(left, segment.byteSize());
            if (size > 0) {
                part.add(segment.asSlice(0, size));
            }
            left -= size;
        }
        return part;
    }

    /** A transfer of the memory that is left after shortening. */
    private interface Transfer {

        long move(List<MemorySegment> memory);
    }
}
