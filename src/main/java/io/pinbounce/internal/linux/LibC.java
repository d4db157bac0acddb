package io.pinbounce.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The data plane: the C library's calls that each request makes, those before the first request,
 * and those that JNR-POSIX lacks.
 *
 * <p>Every method returns the call's own result, or {@code -errno}. Addresses reach the kernel as
 * segments, whose scopes the call holds until it returns; a heap segment is refused by the linker.
 */
public interface LibC {

    /**
     * Vectors longer than this are split by the caller: each call holds every segment it passes.
     */
    int MAX_VECTOR = 16;

    /** Memory may be read ({@code asm-generic/mman-common.h}). */
    int PROT_READ = 1;

    /** Memory may be written ({@code asm-generic/mman-common.h}). */
    int PROT_WRITE = 2;

    /** Changes are this process's own ({@code linux/mman.h}). */
    int MAP_PRIVATE = 0x02;

    /** No file behind the mapping ({@code asm-generic/mman-common.h}). */
    int MAP_ANONYMOUS = 0x20;

    /** Fault all pages in now ({@code asm-generic/mman-common.h}). */
    int MAP_POPULATE = 0x8000;

    /** A forked child does not get the pages ({@code asm-generic/mman-common.h}). */
    int MADV_DONTFORK = 10;

    /** Prefer huge pages ({@code asm-generic/mman-common.h}). */
    int MADV_HUGEPAGE = 14;

    /** Moves to the next byte that is stored, past a hole ({@code linux/fs.h}). */
    int SEEK_DATA = 3;

    /** Fault all pages in now, for writing ({@code asm-generic/mman-common.h}, Linux 5.14). */
    int MADV_POPULATE_WRITE = 23;

    /**
     * Opens a file; close-on-exec is added.
     *
     * @param path the file's path
     * @param flags {@link OpenFlags} or-ed together
     * @param mode permission bits of a file that the call creates, before the umask
     * @return a file descriptor, or {@code -errno}
     */
    int open(String path, int flags, int mode);

    /**
     * Closes a descriptor. It is gone afterwards whatever the result.
     *
     * @param fd an open file descriptor
     * @return 0, or {@code -errno}
     */
    int close(int fd);

    /**
     * Makes data durable, and the metadata needed to read it again.
     *
     * @param fd an open file descriptor
     * @return 0, or {@code -errno}
     */
    int fdatasync(int fd);

    /**
     * Moves a descriptor's position, which no transfer uses, to find data.
     *
     * @param fd an open file descriptor
     * @param offset where to start
     * @param whence {@link #SEEK_DATA}
     * @return bytes from the start of the file, or {@code -errno}
     */
    long lseek(int fd, long offset, int whence);

    /**
     * Reads into one segment.
     *
     * @param fd an open file descriptor
     * @param memory where the bytes go; its size is the length asked for
     * @param position bytes from the start of the file
     * @return bytes read, 0 at the end of the file, or {@code -errno}
     */
    long pread(int fd, MemorySegment memory, long position);

    /**
     * Writes one segment.
     *
     * @param fd an open file descriptor
     * @param memory the bytes; its size is the length asked for
     * @param position bytes from the start of the file
     * @return bytes written, or {@code -errno}
     */
    long pwrite(int fd, MemorySegment memory, long position);

    /**
     * Reads into several segments, one after the other ({@code preadv2}).
     *
     * @param fd an open file descriptor
     * @param vector 1 to {@link #MAX_VECTOR} segments
     * @param position bytes from the start of the file
     * @return bytes read, or {@code -errno}
     */
    long preadv(int fd, List<MemorySegment> vector, long position);

    /**
     * Writes several segments, one after the other ({@code pwritev2}).
     *
     * @param fd an open file descriptor
     * @param vector 1 to {@link #MAX_VECTOR} segments
     * @param position bytes from the start of the file
     * @return bytes written, or {@code -errno}
     */
    long pwritev(int fd, List<MemorySegment> vector, long position);

    /**
     * Asks for a file's attributes ({@code statx}); {@link Statx} and {@link FileStatus} read the
     * answer.
     *
     * @param dirFd an open descriptor, or {@link Statx#AT_FDCWD}
     * @param path a path, or empty with {@link Statx#AT_EMPTY_PATH} for {@code dirFd} itself
     * @param flags {@code AT_*}
     * @param mask {@code STATX_*} fields wanted
     * @param answer {@link Statx#SIZE} bytes
     * @return 0, or {@code -errno}
     */
    long statx(int dirFd, String path, int flags, int mask, MemorySegment answer);

    /**
     * Device control with a pointer argument.
     *
     * @param fd an open file descriptor
     * @param request the request number
     * @param argument what the request reads or fills
     * @return the call's result, or {@code -errno}
     */
    long ioctl(int fd, long request, MemorySegment argument);

    /**
     * Gives a name to an open file, or another one; symbolic links are not followed.
     *
     * @param fd an open file descriptor
     * @param path a name that is not taken, on the same file system
     * @return 0, or {@code -errno}
     */
    int link(int fd, String path);

    /**
     * Renames a file, unless the new name is taken ({@code renameat2}).
     *
     * @param from its name
     * @param to its name from now on
     * @return 0, or {@code -errno}; {@code -EINVAL} if the file system cannot do this in one step
     */
    int renameNew(String from, String to);

    /**
     * Renames a file; one that has the new name is replaced ({@code renameat2}).
     *
     * @param from its name
     * @param to its name from now on
     * @return 0, or {@code -errno}
     */
    int rename(String from, String to);

    /**
     * Changes who owns a file.
     *
     * @param fd an open file descriptor
     * @param owner the user's number; -1 to leave it
     * @param group the group's number; -1 to leave it
     * @return 0, or {@code -errno}
     */
    int fchown(int fd, int owner, int group);

    /**
     * Changes what owner, group and others may do with a file.
     *
     * @param fd an open file descriptor
     * @param permissions bits of {@code rwxrwxrwx}
     * @return 0, or {@code -errno}
     */
    int fchmod(int fd, int permissions);

    /**
     * Reads an extended attribute.
     *
     * @param fd an open file descriptor
     * @param name of the attribute, with its namespace
     * @param value where its bytes go
     * @return bytes, or {@code -errno}: {@code -ENODATA} if there is none
     */
    long fgetxattr(int fd, String name, MemorySegment value);

    /**
     * Sets an extended attribute.
     *
     * @param fd an open file descriptor
     * @param name of the attribute, with its namespace
     * @param value its bytes
     * @return 0, or {@code -errno}
     */
    int fsetxattr(int fd, String name, MemorySegment value);

    /**
     * Removes an extended attribute.
     *
     * @param fd an open file descriptor
     * @param name of the attribute, with its namespace
     * @return 0, or {@code -errno}: {@code -ENODATA} if there is none
     */
    int fremovexattr(int fd, String name);

    /**
     * Reserves room ({@code fallocate}).
     *
     * @param fd an open file descriptor
     * @param mode {@code FALLOC_FL_*} of {@code linux/falloc.h}; 0 allocates and extends
     * @param position bytes from the start of the file
     * @param length bytes
     * @return 0, or {@code -errno}
     */
    long fallocate(int fd, int mode, long position, long length);

    /**
     * Changes a file's size. A write that ends inside a block calls it, to cut off its padding.
     *
     * @param fd a descriptor open for writing
     * @param size bytes
     * @return 0, or {@code -errno}
     */
    int ftruncate(int fd, long size);

    /**
     * The size of a block device ({@code BLKGETSIZE64} of linux/fs.h).
     *
     * @param fd an open block device
     * @return bytes, or {@code -errno}
     */
    long deviceSize(int fd);

    /**
     * The id of the file system ({@code f_fsid} of {@code fstatfs}). Btrfs and ext4 derive it from
     * their UUID, btrfs from the subvolume, too; other file systems derive it from the number of
     * the device.
     *
     * @param fd an open file descriptor
     * @return any number; 0 if the file system has no id
     */
    long fileSystemId(int fd);

    /**
     * A number by chance ({@code getrandom}). The JDK's own generator needs descriptors when it is
     * first used, and if there are none then, it cannot be used ever after.
     *
     * @return any number
     */
    long random();

    /**
     * How many pages of a range the page cache holds ({@code cachestat}, Linux 6.5).
     *
     * @param fd an open file descriptor
     * @param position bytes from the start of the file
     * @param length bytes
     * @return pages cached, or {@code -errno} ({@code -ENOSYS} on older kernels)
     */
    long cachedPages(int fd, long position, long length);

    /**
     * Maps anonymous memory.
     *
     * @param length bytes, a multiple of the page size
     * @param protection {@code PROT_*}
     * @param flags {@code MAP_*}
     * @return the address, or {@code -errno}
     */
    long mmap(long length, int protection, int flags);

    /**
     * Unmaps memory that {@link #mmap} returned.
     *
     * @param address a page-aligned address
     * @param length bytes
     * @return 0, or {@code -errno}
     */
    long munmap(long address, long length);

    /**
     * Advises the kernel on memory.
     *
     * @param address a page-aligned address
     * @param length bytes
     * @param advice {@code MADV_*}
     * @return 0, or {@code -errno}
     */
    long madvise(long address, long length, int advice);

    /**
     * Makes memory that {@link #mmap} returned part of an arena.
     *
     * @param address the address
     * @param length bytes
     * @param arena the arena that the memory belongs to from now on
     * @param ended unmaps the memory; runs once the arena is closed and the memory cannot be used
     *     any more
     * @return the memory
     */
    MemorySegment adopt(long address, long length, Arena arena, Runnable ended);

    /**
     * Bytes in a page of memory.
     *
     * @return a power of two
     */
    int pageSize();

    /**
     * The machine's own C library.
     *
     * @return the one instance
     * @throws IllegalCallerException if Java denies native access; the message names the flag
     */
    static LibC system() {
        NativeAccess.require();
        return FfmLibC.INSTANCE;
    }
}
