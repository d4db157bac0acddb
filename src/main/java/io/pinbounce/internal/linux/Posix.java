package io.pinbounce.internal.linux;

/**
 * The control plane: calls that some files need now and then. No first request needs one of them,
 * except the lock that a file with a sidecar takes.
 *
 * <p>Every method returns the call's own result, or {@code -errno}.
 */
public interface Posix {

    /** A shared lock ({@code asm-generic/fcntl.h}, like those below). */
    int LOCK_SH = 1;

    /** An exclusive lock. */
    int LOCK_EX = 2;

    /** Fails instead of waiting. */
    int LOCK_NB = 4;

    /** No lock. */
    int LOCK_UN = 8;

    /**
     * Makes data and all metadata durable; of a folder, the names in it.
     *
     * @param fd an open file descriptor
     * @return 0, or {@code -errno}
     */
    int fsync(int fd);

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
     *     not to wait; or {@link #LOCK_UN}
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
}
