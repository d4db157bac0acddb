package io.pinbounce.tool.scratch;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoStatus;
import io.pinbounce.Geometry;
import io.pinbounce.internal.engine.IoEngine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file or block device that is written over, and what has to be put back afterwards: a file
 * that was made for the run goes, any other gets the size back that it had.
 *
 * <p>Close it after the run. It holds nothing open itself.
 */
public final class ScratchTarget implements AutoCloseable {

    /** What may happen to data that is there already. */
    public enum Existing {
        /** It stays: block devices and files that are not empty are refused. */
        KEEP,
        /** It may be overwritten, unless a sidecar protects it or it is one. */
        DESTROY
    }

    /** What closing does. */
    private enum Undo {
        DELETE,
        RESTORE_SIZE,
        NOTHING
    }

    private final Path path;

    private final Undo undo;

    private final long originalSize;

    private ScratchTarget(Path path, Undo undo, long originalSize) {
        this.path = path;
        this.undo = undo;
        this.originalSize = originalSize;
    }

    /**
     * Takes a path that the user has named.
     *
     * @param path a file, which is made if it is missing, or a block device
     * @param existing whether data may be lost
     * @return the target
     * @throws IOException if it is a directory or something else, holds data that is to stay, has a
     *     sidecar or is one, or cannot be made; the message is one sentence that says what to do
     */
    public static ScratchTarget of(Path path, Existing existing) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(
                    "the target is a directory; name a file in it, which is made: path=" + path);
        }
        SidecarCheck.requireNone(path);
        if (!Files.exists(path)) {
            create(path);
            return new ScratchTarget(path, Undo.DELETE, 0);
        }
        boolean regular = Files.isRegularFile(path);
        long size = regular ? Files.size(path) : 0;
        if (existing == Existing.KEEP && (!regular || size > 0)) {
            throw new IOException(
                    "the target is "
                            + (regular ? "a file that is not empty" : "a device")
                            + ", and what it holds would be overwritten;"
                            + " --destroy-data allows that: path="
                            + (path + (regular ? " size=" + size : "")));
        }
        if (IoEngine.blocking().isHeld(path)) {
            throw new IOException(
                    "the device is mounted, or in use in another way; name one that is not: path="
                            + path);
        }
        return new ScratchTarget(path, regular ? Undo.RESTORE_SIZE : Undo.NOTHING, size);
    }

    private static void create(Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "the target's folder is missing, or takes no files: path=" + path, e);
        } catch (AccessDeniedException e) {
            throw new IOException("this user may not make the target: path=" + path, e);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "" : " (" + e.getReason() + ")";
            throw new IOException("the target cannot be made" + reason + ": path=" + path, e);
        }
    }

    /**
     * Makes a file in the current folder, in the one for temporary files or in the user's: the
     * first of them where direct I/O is real.
     *
     * @param prefix of its name
     * @return the target
     * @throws IOException if it is real in none; the message gives the reason for each
     */
    public static ScratchTarget temporary(String prefix) throws IOException {
        return temporary(
                prefix,
                List.of(
                        Path.of("").toAbsolutePath(),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        Path.of(System.getProperty("user.home"))));
    }

    /**
     * Makes a file in the first folder where direct I/O is real.
     *
     * @param prefix of its name
     * @param folders where to look, in this order
     * @return the target
     * @throws IOException if there is no such folder; the message gives the reason for each
     */
    public static ScratchTarget temporary(String prefix, List<Path> folders) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Path folder : folders) {
            try {
                Path file = Files.createTempFile(folder, prefix, ".tmp");
                ScratchTarget target = new ScratchTarget(file, Undo.DELETE, 0);
                String obstacle = whyNotDirect(file);
                if (obstacle.isEmpty()) {
                    return target;
                }
                target.close();
                reasons.add(folder + " (" + obstacle + ")");
            } catch (FileSystemException e) {
                String reason =
                        e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
                reasons.add(folder + " (no file can be made there: " + reason + ")");
            }
        }
        throw new IOException(
                "direct I/O is real in none of the folders where a temporary file could go;"
                        + " name a target instead: folders="
                        + String.join(", ", reasons));
    }

    private static String whyNotDirect(Path file) {
        try {
            Geometry geometry = DirectFile.probe(file);
            return geometry.directIo() == DirectIoStatus.DIRECT ? "" : geometry.directIoReason();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /**
     * Where it is.
     *
     * @return the path as it was named
     */
    public Path path() {
        return path;
    }

    /**
     * Whether it was made for the run.
     *
     * @return true if it goes when this is closed
     */
    public boolean isTemporary() {
        return undo == Undo.DELETE;
    }

    /**
     * Puts back what can be put back.
     *
     * @throws IOException if the file cannot be deleted, or its size not restored
     */
    @Override
    public void close() throws IOException {
        switch (undo) {
            case DELETE -> Files.deleteIfExists(path);
            case RESTORE_SIZE -> {
                if (Files.size(path) > originalSize) {
                    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                        file.truncate(originalSize);
                    }
                }
            }
            case NOTHING -> {}
        }
    }
}
