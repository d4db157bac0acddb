package io.pinbounce.internal.sidecar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * What ties data to its sidecar: an extended attribute of the data. Copies and restores carry it to
 * another inode, where it binds nothing, so it names its own.
 *
 * <pre>
 *     0  identity of the sidecar               8
 *     8  volume: see FileFacts                 8
 *    16  the data's inode                      8
 *    24  version, 1                            1
 *    25  hint: where the sidecar was, UTF-8    0 to 38
 * </pre>
 *
 * <p>It is shorter than 64 bytes, so that ext4 and XFS keep it in the inode.
 *
 * @param identity of the sidecar
 * @param volume of the data's inode
 * @param inode of the data
 * @param hint the sidecar's path; if that is too long, from the data's folder on; empty if that is
 *     too long as well
 */
record Tie(long identity, long volume, long inode, String hint) {

    static final String NAME = "user.pinbounce";

    private static final byte VERSION = 1;

    private static final int HINT = 25;

    private static final int MAX_SIZE = 63;

    /** The tie of data to a sidecar. */
    static Tie of(DataFile data, Path path, long identity, Path sidecar) {
        Path place = sidecar.toAbsolutePath().normalize();
        Path folder = path.toAbsolutePath().normalize().getParent();
        // The whole path serves every name of the data, so it comes first.
        String near = folder == null ? "" : fitting(folder.relativize(place), "");
        return new Tie(identity, data.volume(), data.inode(), fitting(place, near));
    }

    private static String fitting(Path hint, String otherwise) {
        String text = hint.toString();
        return text.getBytes(UTF_8).length > MAX_SIZE - HINT ? otherwise : text;
    }

    /** Reads the tie of a file; null if it has none, or none of this version. */
    static @Nullable Tie read(IoEngine engine, int handle) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(MAX_SIZE, Long.BYTES);
            long size = engine.attribute(handle, NAME, value);
            if (size < HINT || value.get(ValueLayout.JAVA_BYTE, 24) != VERSION) {
                return null;
            }
            return new Tie(
                    value.get(Sector.U64, 0),
                    value.get(Sector.U64, 8),
                    value.get(Sector.U64, 16),
                    new String(
                            value.asSlice(HINT, size - HINT).toArray(ValueLayout.JAVA_BYTE),
                            UTF_8));
        }
    }

    /** Whether a file can have a tie. */
    static boolean isPossible(IoEngine engine, int handle) {
        try (Arena arena = Arena.ofConfined()) {
            long size = engine.attribute(handle, NAME, arena.allocate(MAX_SIZE));
            boolean supported = size != -Errno.EOPNOTSUPP && size != -Errno.ENOSYS;
            return supported && engine.status(handle).isRegular();
        }
    }

    /** Sets the tie of a file; 0, or {@code -errno} where there are no attributes. */
    int write(IoEngine engine, int handle) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = MemorySegment.ofArray(hint.getBytes(UTF_8));
            MemorySegment value = arena.allocate(HINT + name.byteSize(), Long.BYTES);
            value.set(Sector.U64, 0, identity);
            value.set(Sector.U64, 8, volume);
            value.set(Sector.U64, 16, inode);
            value.set(ValueLayout.JAVA_BYTE, 24, VERSION);
            value.asSlice(HINT).copyFrom(name);
            return engine.setAttribute(handle, NAME, value);
        }
    }

    /**
     * Sets the tie of a file, unless it has it. Where there are no attributes, the sidecar's own
     * name has to do.
     */
    void bind(IoEngine engine, int handle) {
        if (!equals(read(engine, handle))) {
            write(engine, handle);
        }
    }

    static int remove(IoEngine engine, int handle) {
        return engine.setAttribute(handle, NAME, MemorySegment.NULL);
    }

    /** Whether the file that has this attribute is the one that it was set on. */
    boolean isOf(DataFile data) {
        return !data.device() && volume == data.volume() && inode == data.inode();
    }

    /** Where the sidecar may be: its folder may have been renamed. */
    List<Path> places(Path data) {
        try {
            Path place = Path.of(hint);
            Path name = place.getFileName();
            return hint.isEmpty() || name == null
                    ? List.of()
                    : List.of(data.resolveSibling(place), data.resolveSibling(name));
        } catch (InvalidPathException _) {
            return List.of(); // the attribute was written by another program
        }
    }
}
