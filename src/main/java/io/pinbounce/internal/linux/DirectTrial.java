package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tries where a direct write goes, for file systems that do not tell and that differ from kernel to
 * kernel: to a file without a name, in the folder of the file that is asked about, and gone when
 * the trial ends.
 *
 * <p>A page of that file is in the page cache and mapped while the block is written. A direct write
 * has to throw the page out, since it is old; a write that goes through the page cache changes it
 * and leaves it there. Looking for the written block afterwards would not do: a file system that
 * falls back to the page cache throws out what it can when it is done, but never a mapped page.
 */
public final class DirectTrial {

    private static final int MAX_ENTRIES = 64;

    /** Answers by the mount's unique number, which no other mount ever gets. */
    private static final ConcurrentHashMap<Long, Answer> KNOWN = new ConcurrentHashMap<>();

    private final LibC libc;

    private final int fd;

    /** Where a direct write went. */
    public enum Answer {
        /** Past the page cache. */
        DIRECT,
        /** Into the page cache. */
        COPIED,
        /** No trial could be made. */
        UNKNOWN
    }

    private DirectTrial(LibC libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /**
     * Tries it beside an open file; one answer holds for a mount as long as the process runs.
     *
     * @param libc the C library
     * @param fd a regular file's descriptor
     * @return where the write went
     */
    public static Answer beside(LibC libc, int fd) {
        long mount = Statx.uniqueMount(libc, fd);
        Answer known = KNOWN.get(mount);
        if (known != null) {
            return known;
        }
        Answer answer = new DirectTrial(libc, fd).make();
        if (mount != 0 && answer != Answer.UNKNOWN) {
            if (KNOWN.size() >= MAX_ENTRIES) {
                KNOWN.clear();
            }
            KNOWN.put(mount, answer);
        }
        return answer;
    }

    private Answer make() {
        Path folder = KernelFiles.resolve(link(fd));
        folder = folder == null ? null : folder.getParent();
        if (folder == null) {
            return Answer.UNKNOWN;
        }
        int flags = OpenFlags.O_TMPFILE | OpenFlags.O_RDWR | OpenFlags.O_DIRECT;
        int scratch = libc.open(folder.toString(), flags, 0600);
        if (scratch < 0) {
            return Answer.UNKNOWN;
        }
        try {
            boolean same =
                    FileStatus.of(libc, scratch).device() == FileStatus.of(libc, fd).device();
            return same && copiesOnWrite(scratch) ? write(scratch) : Answer.UNKNOWN;
        } catch (IOException e) {
            return Answer.UNKNOWN;
        } finally {
            libc.close(scratch);
        }
    }

    private static Path link(int fd) {
        return Path.of("/proc/self/fd", Integer.toString(fd));
    }

    /**
     * Makes the file one that has checksums: it inherits from its folder to have none.
     *
     * @return false if it has none all the same
     */
    private boolean copiesOnWrite(int scratch) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flags = arena.allocate(Long.BYTES, Long.BYTES);
            if (libc.ioctl(scratch, BlockIoctl.FS_IOC_GETFLAGS, flags) < 0) {
                return false;
            }
            int now = flags.get(JAVA_INT, 0);
            if ((now & FileFacts.FS_NOCOW_FL) == 0) {
                return true;
            }
            flags.set(JAVA_INT, 0, now & ~FileFacts.FS_NOCOW_FL);
            return libc.ioctl(scratch, BlockIoctl.FS_IOC_SETFLAGS, flags) >= 0;
        }
    }

    private Answer write(int scratch) throws IOException {
        long length = Math.max(libc.pageSize(), Statx.of(libc, scratch).blockSize());
        try (Arena arena = Arena.ofConfined();
                FileChannel channel =
                        FileChannel.open(
                                link(scratch), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment mapped = channel.map(MapMode.READ_WRITE, 0, length, arena);
            mapped.get(JAVA_BYTE, 0);
            MemorySegment block = arena.allocate(length, length).fill((byte) 1);
            if (libc.cachedPages(scratch, 0, length) <= 0
                    || libc.pwritev(scratch, List.of(block), 0) != length) {
                return Answer.UNKNOWN;
            }
            long pages = libc.cachedPages(scratch, 0, length);
            return pages < 0 ? Answer.UNKNOWN : pages == 0 ? Answer.DIRECT : Answer.COPIED;
        }
    }
}
