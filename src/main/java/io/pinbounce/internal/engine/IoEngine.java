package io.pinbounce.internal.engine;

import io.pinbounce.internal.linux.DirectTrial;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.NativeAccess;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.linux.Posix;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Everything that the library asks of the operating system: files, and transfers between them and
 * memory.
 *
 * <p>Calls return their result or {@code -errno} and may be made from any thread, several at once.
 * An engine does what a call says and no more: the pipeline splits, retries, locks and checks.
 */
public interface IoEngine {

    /** How a file is locked. */
    enum Lock {
        /** The handle gives its lock back. */
        NONE,
        /** Other handles may hold a shared lock, too. */
        SHARED,
        /** No other handle holds a lock. */
        EXCLUSIVE
    }

    /**
     * The engine's name, for people.
     *
     * @return for example {@code "syscall"}
     */
    String name();

    /**
     * Moves data, waiting until it is done.
     *
     * @param submission what to move; its memory is used until this method returns
     * @return bytes moved, which may be fewer than asked for; 0 for a read at the end of the file,
     *     and for a force that is done; or {@code -errno}
     */
    long transfer(Submission submission);

    /**
     * Tries where a direct write goes, for file systems that do not tell: writes a block to a file
     * without a name in the folder of an open file.
     *
     * @param handle of a regular file
     * @return where the write went
     */
    default DirectTrial.Answer tryDirect(int handle) {
        return DirectTrial.Answer.UNKNOWN;
    }

    /**
     * Makes a ring for the thread that calls, which can have many transfers in flight.
     *
     * @param depth transfers in flight at the most, 1 to 4096
     * @return a ring; close it
     * @throws RingUnavailableException if this engine has none, or none now
     */
    default IoRing openRing(int depth) throws RingUnavailableException {
        throw new RingUnavailableException("the engine " + name() + " has no ring of its own");
    }

    /**
     * What a path refers to, symbolic links followed.
     *
     * @param path a path of the default file system
     * @return kind, identity and size, or the errno
     */
    FileStatus status(Path path);

    /**
     * What an open file is: a part of its {@link #facts}, which is faster to ask for.
     *
     * @param handle an open handle
     * @return kind, identity and size, or the errno
     */
    default FileStatus status(int handle) {
        return facts(handle).status();
    }

    /**
     * Opens a file or block device.
     *
     * @param path a path of the default file system
     * @param flags {@link io.pinbounce.internal.linux.OpenFlags} or-ed together
     * @return a handle, or {@code -errno}
     */
    int open(Path path, int flags);

    /**
     * Opens a file with direct I/O, or without where the file system has none.
     *
     * @param path a path of the default file system
     * @param flags {@link io.pinbounce.internal.linux.OpenFlags} or-ed together
     * @return a handle, or {@code -errno}
     */
    default int openDirect(Path path, int flags) {
        int handle = open(path, flags | OpenFlags.O_DIRECT);
        return handle == -Errno.EINVAL ? open(path, flags) : handle;
    }

    /**
     * Opens an open file once more, whatever its name is now.
     *
     * @param handle an open handle of a file that {@link #openUnnamed} made
     * @param flags {@link io.pinbounce.internal.linux.OpenFlags} or-ed together
     * @return a handle, or {@code -errno}
     */
    int reopen(int handle, int flags);

    /**
     * Makes a file that has no name yet: it is gone when it is closed without one.
     *
     * @param path the name that it is meant for, in an existing folder
     * @param flags {@link io.pinbounce.internal.linux.OpenFlags} or-ed together
     * @return a handle, or {@code -errno}: {@code -EOPNOTSUPP} if the file system has no such
     *     files, or they could not be given a name
     */
    int openUnnamed(Path path, int flags);

    /**
     * Gives a name to a file that {@link #openUnnamed} made.
     *
     * @param handle an open handle
     * @param path a name that is not taken
     * @return 0, or {@code -errno}: {@code -EEXIST} if it is taken
     */
    int link(int handle, Path path);

    /**
     * Renames a file, unless the new name is taken.
     *
     * @param from its name
     * @param to its name from now on
     * @return 0, or {@code -errno}: {@code -EEXIST} if the new name is taken
     */
    int renameNew(Path from, Path to);

    /**
     * Changes who owns a file and what they may do, as far as the kernel lets this user.
     *
     * @param handle an open handle
     * @param like has owner, group and permissions
     * @return 0, or the last {@code -errno}
     */
    int own(int handle, FileStatus like);

    /**
     * Reads an extended attribute.
     *
     * @param handle an open handle
     * @param name of the attribute, with its namespace
     * @param value where its bytes go
     * @return bytes, or {@code -errno}: {@code -ENODATA} if there is none
     */
    long attribute(int handle, String name, MemorySegment value);

    /**
     * Sets or removes an extended attribute.
     *
     * @param handle an open handle
     * @param name of the attribute, with its namespace
     * @param value its bytes; none to remove it
     * @return 0, or {@code -errno}
     */
    int setAttribute(int handle, String name, MemorySegment value);

    /**
     * Whether a block device is in exclusive use: by a mounted file system, by swap, or by a device
     * made of it. The kernel refuses a second exclusive use.
     *
     * @param path any path
     * @return false for anything but a block device
     */
    default boolean isHeld(Path path) {
        if (!status(path).isBlockDevice()) {
            return false;
        }
        int handle = open(path, OpenFlags.O_RDONLY | OpenFlags.O_EXCL);
        if (handle >= 0) {
            close(handle);
        }
        return handle == -Errno.EBUSY;
    }

    /**
     * What the operating system knows about an open file.
     *
     * @param handle an open handle
     * @return facts as of now
     */
    FileFacts facts(int handle);

    /**
     * The size of a file or block device.
     *
     * @param handle an open handle
     * @return bytes, or {@code -errno}
     */
    long size(int handle);

    /**
     * Where the next bytes are that the file system has stored, from a position on. All before them
     * is a hole, which reads as zeros. Data that other programs have written may not count before
     * it is forced.
     *
     * @param handle an open handle
     * @param position bytes from the start of the file
     * @return bytes from its start, {@link Long#MAX_VALUE} if nothing more is stored; the position
     *     itself where the file system cannot tell
     */
    default long nextData(int handle, long position) {
        return position;
    }

    /**
     * Changes a file's size; new bytes read as zeros.
     *
     * @param handle a handle open for writing
     * @param size bytes
     * @return 0, or {@code -errno}
     */
    int truncate(int handle, long size);

    /**
     * Reserves room on the device and extends the file to cover it.
     *
     * @param handle a handle open for writing
     * @param position bytes from the start of the file
     * @param length bytes
     * @return 0, or {@code -errno}
     */
    int allocate(int handle, long position, long length);

    /**
     * Makes completed writes durable, with the metadata needed to read them again.
     *
     * @param handle an open handle
     * @return 0, or {@code -errno}
     */
    int force(int handle);

    /**
     * Makes the entries of a folder durable.
     *
     * @param folder a folder
     * @return 0, or {@code -errno}
     */
    int forceFolder(Path folder);

    /**
     * Takes an advisory lock on a file, waiting a second at the most. It excludes other handles
     * that ask for a lock, in this process or another, and is given back when the handle is closed
     * and the kernel is done with the handle's transfers. Asking again changes the mode; if another
     * handle's lock prevents that, the lock is lost.
     *
     * @param handle an open handle
     * @param mode whether other handles may hold a lock, too
     * @return 0, or {@code -errno}: {@code -EAGAIN} if another handle holds it
     */
    int lock(int handle, Lock mode);

    /**
     * Runs a task without holding up the caller.
     *
     * @param task may block; it runs to its end whatever happens
     */
    default void background(Runnable task) {
        Thread.ofPlatform().daemon().name("pinbounce-background").start(task);
    }

    /**
     * How many pages of a range the page cache holds.
     *
     * @param handle an open handle
     * @param position bytes from the start of the file
     * @param length bytes
     * @return pages, or {@code -errno} if the kernel cannot tell
     */
    long cachedPages(int handle, long position, long length);

    /**
     * Closes a handle. It is gone afterwards whatever the result.
     *
     * @param handle an open handle without transfers in flight
     * @return 0, or {@code -errno}
     */
    int close(int handle);

    /**
     * Removes a file's name.
     *
     * @param path a path of the default file system
     * @return 0, or {@code -errno}
     */
    int remove(Path path);

    /**
     * The blocking engine over the machine's kernel: one system call for each transfer.
     *
     * @return the one instance
     * @throws IllegalCallerException if Java denies native access; the message names the flag
     */
    static IoEngine blocking() {
        NativeAccess.require();
        return SyscallEngine.Shared.ENGINE;
    }

    /**
     * Makes a blocking engine over given calls, for tests.
     *
     * @param libc the data plane
     * @param posix the control plane
     * @return a new engine
     */
    static IoEngine blocking(LibC libc, Posix posix) {
        return new SyscallEngine(libc, posix);
    }
}
