package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Recognises sidecars by what is in them, also those that are open elsewhere: nothing is locked or
 * changed. For any thread.
 */
public final class SidecarSearch {

    private SidecarSearch() {}

    /**
     * Whether a file is a sidecar, whole or damaged, of whatever version.
     *
     * @param path a regular file
     * @return true if one of its superblocks is there or was
     * @throws IOException if it cannot be read
     */
    public static boolean isSidecar(Path path) throws IOException {
        return isSidecar(IoEngine.blocking(), path);
    }

    static boolean isSidecar(IoEngine engine, Path path) throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment start = read(engine, arena, path, 0);
            for (long position : Layout.SUPERBLOCKS) {
                if (start.get(Sector.U64, position) == Superblock.MAGIC) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The newer superblock of a sidecar; null if there is none, or none that can be read. */
    static @Nullable Superblock superblock(IoEngine engine, Path path, int flags) {
        // Opening a FIFO would wait for its other end.
        if (!engine.status(path).isRegular()) {
            return null;
        }
        Superblock newest = null;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment start = read(engine, arena, path, flags);
            for (long position : Layout.SUPERBLOCKS) {
                MemorySegment page = start.asSlice(position, Layout.PAGE);
                if (Superblock.isThere(page, position)) {
                    Superblock found = Superblock.decode(page);
                    boolean newer = newest == null || found.sequence() > newest.sequence();
                    newest = newer ? found : newest;
                }
            }
            return newest;
        } catch (SealException e) {
            return null; // this user may not read it, or it is gone since
        } catch (IllegalArgumentException e) {
            return null; // its version is not known
        }
    }

    /**
     * Finds the sidecar in a folder that was made for a file, under whatever name the file had. The
     * sidecar's own name ends in {@code .pi}; those that this user may not read are left out.
     *
     * @param folder where to look; not below it
     * @param data the file
     * @return the sidecar, or null if there is none
     * @throws IOException if the folder or a sidecar cannot be read
     */
    public static @Nullable Path find(Path folder, Path data) throws IOException {
        DataFile wanted = dataFile(IoEngine.blocking(), data);
        return wanted == null
                ? null
                : first(folder, "*" + SidecarPlace.SUFFIX, each -> names(each, wanted));
    }

    /**
     * Finds the file that a sidecar was made for in the folder of another; null if there is none.
     */
    static @Nullable Path beside(IoEngine engine, Path other, DataFile wanted)
            throws SealException {
        Path folder = other.toAbsolutePath().getParent();
        try {
            return folder == null ? null : first(folder, "*", each -> is(engine, each, wanted));
        } catch (IOException e) {
            SealException failure =
                    new SealException("the folder cannot be searched for its data", other);
            failure.initCause(e);
            throw failure;
        }
    }

    private static boolean is(IoEngine engine, Path candidate, DataFile wanted) throws IOException {
        Object inode = Files.getAttribute(candidate, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        DataFile found = inode.equals(wanted.inode()) ? dataFile(engine, candidate) : null;
        return found != null && found.isSameFile(wanted);
    }

    private static @Nullable Path first(
            Path folder, String names, DirectoryStream.Filter<Path> filter) throws IOException {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(folder, names)) {
            for (Path candidate : candidates) {
                if (Files.isRegularFile(candidate, LinkOption.NOFOLLOW_LINKS)
                        && isAccepted(filter, candidate)) {
                    return candidate;
                }
            }
            return null;
        } catch (AccessDeniedException | NoSuchFileException e) {
            return null; // a folder that may not be listed shows nothing
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isAccepted(DirectoryStream.Filter<Path> filter, Path candidate)
            throws IOException {
        try {
            return filter.accept(candidate);
        } catch (NoSuchFileException e) {
            return false; // it is gone since the folder was listed
        }
    }

    private static @Nullable DataFile dataFile(IoEngine engine, Path data) throws SealException {
        int handle = engine.open(data, OpenFlags.O_RDONLY);
        if (handle == -Errno.ENOENT || handle == -Errno.EACCES) {
            return null;
        }
        if (handle < 0) {
            throw new SealException("it cannot be opened", data, handle);
        }
        try {
            FileFacts facts = engine.facts(handle);
            return DataFile.of(facts, 0);
        } finally {
            engine.close(handle); // nothing was written, so a failure loses nothing
        }
    }

    private static boolean names(Path candidate, DataFile wanted) {
        Superblock found = superblock(IoEngine.blocking(), candidate, 0);
        return found != null && found.data().isSameFile(wanted);
    }

    /** The pages of both superblocks; what lies behind the end is zeros. */
    private static MemorySegment read(IoEngine engine, Arena arena, Path path, int flags)
            throws SealException {
        int handle = engine.open(path, OpenFlags.O_RDONLY | flags);
        if (handle < 0) {
            throw new SealException("it cannot be opened", path, handle);
        }
        try {
            MemorySegment start = SidecarFiles.allocate(arena, 2L * Layout.PAGE);
            FileHandle file = new FileHandle(handle);
            new NamedFile(engine, file, path).move(Op.READ, Layout.PAGE, 0, start);
            return start;
        } finally {
            engine.close(handle);
        }
    }
}
