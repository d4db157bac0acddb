package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.Log;
import io.pinbounce.internal.linux.Mount;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the sidecar of data is, and whether it is there. A sidecar is that of the data if its
 * superblock names the data's inode, and if it is where it is looked for: at the place that a user
 * names, beside a name of the data, or where the data's {@link Tie} says.
 *
 * @param path of the sidecar, or where a new one belongs
 * @param binding whether the data has a sidecar
 * @param superblock of the data's sidecar; null if it was not found
 * @param attribute what ties the data to it
 */
public record SidecarPlace(
        Path path, Binding binding, @Nullable Superblock superblock, Attribute attribute) {

    /** What the name of a sidecar beside its data ends with. */
    public static final String SUFFIX = ".pi";

    /** What to do if the tie names a sidecar that is not to be found. */
    public static final String GONE =
            "the data's sidecar is not found; name its place if it is elsewhere, bring it back, or,"
                    + " if it is gone for good, have the data forget it with pinbounce seal"
                    + " --forget";

    private static final int DEFAULT_INTERVAL = 4096;

    /** Symbolic links that the kernel follows, one after the other. */
    private static final int MAX_LINKS = 40;

    /** Whether data has a sidecar. */
    public enum Binding {
        /** It has none. */
        NONE,
        /** It has one, at the path. */
        BOUND,
        /** Its tie names one that is not to be found. */
        GONE,
        /** Its tie names one, and what is in that one's place cannot be read, or is damaged. */
        UNREADABLE
    }

    /** What the attribute of data says. */
    public enum Attribute {
        /** There is none. */
        ABSENT,
        /** It names the data itself. */
        OWN,
        /**
         * It binds nothing: it names another inode, from which it was copied, or its sidecar
         * belongs to another inode now.
         */
        STRAY
    }

    /**
     * Looks for the sidecar of an open file; nothing is locked or changed.
     *
     * @param handle the open file
     * @param facts of the open file
     * @param data its name
     * @param named where the user says that the sidecar is; null for beside the data
     */
    public static SidecarPlace find(
            IoEngine engine, int handle, FileFacts facts, Path data, @Nullable Path named) {
        DataFile file = DataFile.of(facts, 0);
        Path real = real(data);
        Set<Path> places = new LinkedHashSet<>();
        if (named != null) {
            places.add(named);
        }
        if (!file.device() || named == null) {
            places.add(beside(real));
            places.add(beside(data));
        }
        Tie tie = file.device() ? null : Tie.read(engine, handle);
        return new Search(engine, file, tie, keepsInodes(facts.mount())).among(places, real);
    }

    /** Bytes in an interval of the sidecar; 4096 if it cannot be read. */
    public int interval() {
        return superblock == null ? DEFAULT_INTERVAL : superblock.context().interval();
    }

    /** Whether files of its file system can have attributes. */
    public static boolean keepsAttributes(IoEngine engine, int handle) {
        return Tie.isPossible(engine, handle);
    }

    /** Removes a tie that binds nothing; where the file system refuses that, it stays. */
    public static void removeStray(IoEngine engine, int handle, Path data) {
        if (Tie.remove(engine, handle) == 0) {
            Log.say(
                    System.Logger.Level.INFO,
                    "the file has the tie of another file to a sidecar, as copies have, so it was"
                            + (" removed: path=" + data + " attribute=" + Tie.NAME));
        }
    }

    /**
     * Makes data forget a sidecar that is gone.
     *
     * @return 0, or {@code -errno}: {@code -ENODATA} if the data has no tie
     */
    public static int forget(IoEngine engine, int handle) {
        return Tie.remove(engine, handle);
    }

    /** Whether a file keeps its inode's number when its file system is mounted anew. */
    private static boolean keepsInodes(@Nullable Mount mount) {
        return mount == null
                || !(mount.fileSystem().equals("overlay") || mount.fileSystem().startsWith("fuse"));
    }

    /** Where the sidecar of a file is, if no other place is named. */
    public static Path beside(Path data) {
        Path name = data.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("a file has a name, path=" + data);
        }
        return data.resolveSibling(name + SUFFIX);
    }

    /** The name that a symbolic link leads to, whether there is a file of that name or not. */
    public static Path real(Path path) {
        Path real = path;
        try {
            for (int i = 0; i < MAX_LINKS && Files.isSymbolicLink(real); i++) {
                real = real.resolveSibling(Files.readSymbolicLink(real));
            }
            return real;
        } catch (IOException | InvalidPathException _) {
            return path; // the kernel gives the reason when it follows the link itself
        }
    }

    /** What is known of the data that a sidecar is looked for. */
    private record Search(IoEngine engine, DataFile file, @Nullable Tie tie, boolean keepsInodes) {

        SidecarPlace among(Set<Path> places, Path data) {
            Attribute attribute =
                    tie == null
                            ? Attribute.ABSENT
                            : tie.isOf(file) ? Attribute.OWN : Attribute.STRAY;
            for (Path place : places) {
                Superblock found = SidecarSearch.superblock(engine, place, 0);
                if (found != null && isOurs(found)) {
                    return new SidecarPlace(place, Binding.BOUND, found, attribute);
                }
                if (found != null && isNamed(found)) {
                    attribute = Attribute.STRAY; // the sidecar has another file's data
                }
            }
            Path first = places.iterator().next();
            return tie == null || attribute != Attribute.OWN
                    ? new SidecarPlace(first, Binding.NONE, null, attribute)
                    : follow(tie, tie.places(data), first);
        }

        private SidecarPlace follow(Tie own, List<Path> hints, Path first) {
            for (Path hint : hints) {
                Superblock found = SidecarSearch.superblock(engine, hint, OpenFlags.O_NOFOLLOW);
                if (found != null && found.identity() == own.identity()) {
                    return found.data().isSameFile(file)
                            ? new SidecarPlace(hint, Binding.BOUND, found, Attribute.OWN)
                            : new SidecarPlace(first, Binding.NONE, null, Attribute.STRAY);
                }
            }
            Path place = hints.isEmpty() ? first : hints.getFirst();
            for (Path each : List.of(place, first)) {
                boolean there = engine.status(each).errno() == 0;
                if (there && SidecarSearch.superblock(engine, each, 0) == null) {
                    return new SidecarPlace(each, Binding.UNREADABLE, null, Attribute.OWN);
                }
            }
            return new SidecarPlace(place, Binding.GONE, null, Attribute.OWN);
        }

        private boolean isNamed(Superblock found) {
            return tie != null && tie.identity() == found.identity();
        }

        /** Where inodes have new numbers after each mount, the identity tells instead. */
        private boolean isOurs(Superblock found) {
            return found.data().isSameFile(file) || (!keepsInodes && isNamed(found));
        }
    }
}
