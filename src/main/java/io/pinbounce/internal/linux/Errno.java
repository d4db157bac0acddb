package io.pinbounce.internal.linux;

/**
 * Error numbers of {@code asm-generic/errno-base.h} and {@code asm-generic/errno.h} that Pinbounce
 * handles by name, and the names of all others for messages.
 */
public final class Errno {

    /** The process may not do this. */
    public static final int EPERM = 1;

    /** No such file or folder. */
    public static final int ENOENT = 2;

    /** Interrupted before anything was done. */
    public static final int EINTR = 4;

    /** The device failed, or the file system found a checksum wrong. */
    public static final int EIO = 5;

    /** No such device; for {@code SEEK_DATA}: no data follows in the file. */
    public static final int ENXIO = 6;

    /** Not now. */
    public static final int EAGAIN = 11;

    /** No memory, or no more of it may be locked. */
    public static final int ENOMEM = 12;

    /** Permission denied. */
    public static final int EACCES = 13;

    /** An address the process may not read or write. */
    public static final int EFAULT = 14;

    /** In use exclusively, for example mounted. */
    public static final int EBUSY = 16;

    /** The file is there already. */
    public static final int EEXIST = 17;

    /** A directory, opened for writing. */
    public static final int EISDIR = 21;

    /** Misaligned, or not supported here. */
    public static final int EINVAL = 22;

    /** All descriptors of the machine are taken. */
    public static final int ENFILE = 23;

    /** All descriptors of the process are taken. */
    public static final int EMFILE = 24;

    /** The device or file system is full, or the end of a device was passed. */
    public static final int ENOSPC = 28;

    /** The file system is read-only. */
    public static final int EROFS = 30;

    /** The kernel does not know the call. */
    public static final int ENOSYS = 38;

    /**
     * The medium has lost the data (the block layer's word for a sector that cannot be read); of
     * extended attributes: there is none of that name.
     */
    public static final int ENODATA = 61;

    /** Time is up. */
    public static final int ETIME = 62;

    /** A protection information check failed (the block layer's EILSEQ). */
    public static final int EILSEQ = 84;

    /** The file system does not do this. */
    public static final int EOPNOTSUPP = 95;

    /** Not tried, since what it depends on did not succeed. */
    public static final int ECANCELED = 125;

    private Errno() {}

    /**
     * A number in words.
     *
     * @param errno positive
     * @return name and meaning, for example {@code "ENOSPC (No space left on device)"}; an unknown
     *     number keeps its digits
     */
    public static String describe(int errno) {
        return ErrnoTable.describe(errno);
    }
}
