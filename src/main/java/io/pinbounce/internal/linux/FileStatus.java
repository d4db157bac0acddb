package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a file is, as {@code stat} would say it.
 *
 * @param errno 0, or why there is no answer; the other values are then 0
 * @param device {@code st_dev} of the file system that holds the file
 * @param inode {@code st_ino}
 * @param mode {@code st_mode}: kind and permission bits
 * @param size {@code st_size} in bytes; 0 for a block device
 * @param specialDevice {@code st_rdev}: the device itself, for a device file
 * @param owner {@code st_uid}
 * @param group {@code st_gid}
 */
public record FileStatus(
        int errno,
        long device,
        long inode,
        int mode,
        long size,
        long specialDevice,
        int owner,
        int group) {

    private static final int PERMISSIONS = 0777;

    private static final int S_IFMT = 0xF000; // linux/stat.h

    private static final int S_IFREG = 0x8000;

    private static final int S_IFBLK = 0x6000;

    private static final int S_IFDIR = 0x4000;

    private static final int S_IFIFO = 0x1000;

    private static final int S_IFCHR = 0x2000;

    private static final int S_IFSOCK = 0xC000;

    /**
     * Asks about an open file.
     *
     * @param libc the C library
     * @param fd an open file descriptor
     * @return the answer, or the errno
     */
    public static FileStatus of(LibC libc, int fd) {
        return ask(libc, fd, "", Statx.AT_EMPTY_PATH);
    }

    /**
     * Asks what a path refers to, symbolic links followed.
     *
     * @param libc the C library
     * @param path a path
     * @return the answer, or the errno
     */
    public static FileStatus of(LibC libc, String path) {
        // An empty path is the error that it is for all other calls, ENOENT.
        return ask(libc, Statx.AT_FDCWD, path, 0);
    }

    private static FileStatus ask(LibC libc, int fd, String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(Statx.SIZE, 8);
            long failed = libc.statx(fd, path, flags, Statx.STATX_BASIC_STATS, answer);
            return failed < 0 ? failed((int) -failed) : read(answer);
        }
    }

    static FileStatus read(MemorySegment answer) {
        return new FileStatus(
                0,
                device(answer, Statx.DEV_MAJOR, Statx.DEV_MINOR),
                answer.get(JAVA_LONG, Statx.INO),
                Short.toUnsignedInt(answer.get(JAVA_SHORT, Statx.MODE)),
                answer.get(JAVA_LONG, Statx.SIZE_FIELD),
                device(answer, Statx.RDEV_MAJOR, Statx.RDEV_MINOR),
                answer.get(JAVA_INT, Statx.UID),
                answer.get(JAVA_INT, Statx.GID));
    }

    private static long device(MemorySegment answer, long major, long minor) {
        return new DeviceNumber(answer.get(JAVA_INT, major), answer.get(JAVA_INT, minor)).packed();
    }

    /**
     * No answer.
     *
     * @param errno why, positive
     * @return a status without values
     */
    public static FileStatus failed(int errno) {
        return new FileStatus(errno, 0, 0, 0, 0, 0, 0, 0);
    }

    /**
     * Whether it is a regular file.
     *
     * @return true for a regular file
     */
    public boolean isRegular() {
        return (mode & S_IFMT) == S_IFREG;
    }

    /**
     * Whether it is a block device.
     *
     * @return true for a block device
     */
    public boolean isBlockDevice() {
        return (mode & S_IFMT) == S_IFBLK;
    }

    /** Whether two answers are about the same file. */
    public boolean isSameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /** Whether the same users may do the same with both. */
    public boolean isOwnedLike(FileStatus other) {
        return owner == other.owner
                && group == other.group
                && permissions() == other.permissions();
    }

    /** What owner, group and others may do: bits of {@code rwxrwxrwx}. */
    public int permissions() {
        return mode & PERMISSIONS;
    }

    /**
     * The kind in words, for messages.
     *
     * @return for example {@code "directory"}
     */
    public String kind() {
        return switch (mode & S_IFMT) {
            case S_IFREG -> "regular file";
            case S_IFBLK -> "block device";
            case S_IFDIR -> "directory";
            case S_IFIFO -> "FIFO";
            case S_IFCHR -> "character device";
            case S_IFSOCK -> "socket";
            default -> "file of unknown kind";
        };
    }
}
