package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment start = read(arena, path);
            for (long position : Layout.SUPERBLOCKS) {
                if (start.get(Sector.U64, position) == Superblock.MAGIC) {
                    return true;
                }
            }
            return false;
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
        DataFile wanted = dataFile(data);
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(folder, "*.pi")) {
            for (Path candidate : candidates) {
                if (Files.isRegularFile(candidate) && names(candidate, wanted)) {
                    return candidate;
                }
            }
            return null;
        } catch (AccessDeniedException e) {
            return null; // a folder that may not be listed shows nothing
        }
    }

    private static DataFile dataFile(Path data) throws SealException {
        IoEngine engine = IoEngine.blocking();
        int handle = engine.open(data, OpenFlags.O_RDONLY);
        if (handle < 0) {
            throw new SealException("it cannot be opened", data, handle);
        }
        try {
            FileFacts facts = engine.facts(handle);
            return new DataFile(false, facts.volume(), facts.status().inode(), 0);
        } finally {
            engine.close(handle); // nothing was written, so a failure loses nothing
        }
    }

    private static boolean names(Path candidate, DataFile wanted) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment start = read(arena, candidate);
            for (long position : Layout.SUPERBLOCKS) {
                MemorySegment page = start.asSlice(position, Layout.PAGE);
                if (Superblock.isThere(page, position)
                        && Superblock.decode(page).data().isSameFile(wanted)) {
                    return true;
                }
            }
            return false;
        } catch (AccessDeniedException | NoSuchFileException e) {
            return false; // this user may not read it, or it is gone since the folder was listed
        } catch (IllegalArgumentException e) {
            return false; // its version is not known
        }
    }

    /** The pages of both superblocks; what lies behind the end is zeros. */
    private static MemorySegment read(Arena arena, Path path) throws IOException {
        MemorySegment start = SidecarFiles.allocate(arena, 2L * Layout.PAGE);
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer buffer = start.asByteBuffer();
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // goes on until all is read
            }
        }
        return start;
    }
}
