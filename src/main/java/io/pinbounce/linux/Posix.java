package io.pinbounce.linux;

/**
 * The control plane: calls that happen per file, through JNR-POSIX.
 *
 * <p>Every method returns the call's own result, or {@code -errno}.
 */
public interface Posix {

    /** A lock that others may share ({@code asm-generic/fcntl.h}, like those below). */
    int LOCK_SH = 1;

    /** A lock that nobody shares. */
    int LOCK_EX = 2;

    /** Fails instead of waiting. */
    int LOCK_NB = 4;

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
     * What the descriptor refers to.
     *
     * @param fd an open file descriptor
     * @return size, identity and kind, or the errno
     */
    FileStatus fstat(int fd);

    /**
     * Changes a file's size.
     *
     * @param fd a descriptor open for writing
     * @param size bytes
     * @return 0, or {@code -errno}
     */
    int ftruncate(int fd, long size);

    /**
     * Makes data and all metadata durable.
     *
     * @param fd an open file descriptor
     * @return 0, or {@code -errno}
     */
    int fsync(int fd);

    /**
     * Makes data durable, and the metadata needed to read it again.
     *
     * @param fd an open file descriptor
     * @return 0, or {@code -errno}
     */
    int fdatasync(int fd);

    /**
     * What a path refers to, symbolic links followed.
     *
     * @param path a path
     * @return size, identity and kind, or the errno
     */
    FileStatus stat(String path);

    /**
     * Removes a file's name.
     *
     * @param path the file's path
     * @return 0, or {@code -errno}
     */
    int unlink(String path);

    /**
     * Takes a lock on a whole file, or gives it back. It belongs to the open file, so two
     * descriptors opened apart compete even in one process; closing the last of them frees it.
     *
     * @param fd an open file descriptor
     * @param operation {@link #LOCK_SH} or {@link #LOCK_EX}, with {@link #LOCK_NB} or-ed in so as
     *     not to wait
     * @return 0, or {@code -errno}
     */
    int flock(int fd, int operation);

    /**
     * The soft limit on locked memory ({@code RLIMIT_MEMLOCK}).
     *
     * @return bytes; {@link Long#MAX_VALUE} for no limit; or {@code -errno}
     */
    long memoryLockLimit();

    /**
     * The effective user.
     *
     * @return the user's number; 0 for root
     */
    int geteuid();

    /**
     * The machine's own calls. Loading JNR-POSIX takes a quarter of a second, so it happens on the
     * first use of this method and not before.
     *
     * @return the one instance
     */
    static Posix system() {
        return JnrPosix.INSTANCE;
    }
}
