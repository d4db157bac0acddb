package io.pinbounce.internal.engine;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names of a simulated disk's files: those that are seen, those that are durable, and in order
 * the changes that make the difference. A power cut decides on each name by itself: of two new
 * files it may leave the second alone.
 */
final class SimulatedNames {

    private final Map<Path, SimulatedFile> cached = new LinkedHashMap<>();

    private final Map<Path, SimulatedFile> durable = new LinkedHashMap<>();

    private final List<Change> pending = new ArrayList<>();

    /** A name made, or removed if there is no file. */
    private record Change(long sequence, Path path, @Nullable SimulatedFile file) {}

    SimulatedNames() {}

    /** The same names for files of their own. */
    SimulatedNames(SimulatedNames other) {
        Map<SimulatedFile, SimulatedFile> copies = new HashMap<>();
        other.cached.forEach((path, file) -> cached.put(path, copy(copies, file)));
        other.durable.forEach((path, file) -> durable.put(path, copy(copies, file)));
        for (Change change : other.pending) {
            SimulatedFile file = change.file == null ? null : copy(copies, change.file);
            pending.add(new Change(change.sequence, change.path, file));
        }
    }

    private static SimulatedFile copy(
            Map<SimulatedFile, SimulatedFile> copies, SimulatedFile file) {
        return copies.computeIfAbsent(file, SimulatedFile::new);
    }

    @Nullable SimulatedFile find(Path path) {
        return cached.get(path);
    }

    SimulatedFile get(Path path) {
        return Objects.requireNonNull(cached.get(path), "no such file on the simulated disk");
    }

    /** The file that would have a name if all pending changes were lost; else the one that has. */
    SimulatedFile getDurable(Path path) {
        SimulatedFile file = durable.get(path);
        return file == null ? get(path) : file;
    }

    SortedSet<Path> paths() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(cached.keySet()));
    }

    SortedSet<Path> durablePaths() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(durable.keySet()));
    }

    /** All files that have a name, or may have one again after a power cut. */
    Set<SimulatedFile> files() {
        Set<SimulatedFile> files = new LinkedHashSet<>(durable.values());
        files.addAll(cached.values());
        return files;
    }

    void add(long sequence, Path path, SimulatedFile file) {
        cached.put(path, file);
        pending.add(new Change(sequence, path, file));
    }

    void remove(long sequence, Path path) {
        cached.remove(path);
        pending.add(new Change(sequence, path, null));
    }

    /** Makes all names of a folder durable, and their absence. */
    void forceFolder(Path folder) {
        Path absolute = folder.toAbsolutePath();
        pending.removeIf(
                change -> {
                    boolean here = absolute.equals(change.path.toAbsolutePath().getParent());
                    if (here) {
                        makeDurable(change);
                    }
                    return here;
                });
    }

    /** Makes the name of a new file durable, as file systems do when the file itself is forced. */
    void force(SimulatedFile file) {
        for (int i = pending.size() - 1; i >= 0; i--) {
            Change change = pending.get(i);
            if (change.file == file) {
                makeDurable(change);
                pending.subList(0, i + 1).removeIf(older -> older.path.equals(change.path));
                return;
            }
        }
    }

    private void makeDurable(Change change) {
        if (change.file == null) {
            durable.remove(change.path);
        } else {
            durable.put(change.path, change.file);
        }
    }

    /** Loses what a power cut takes. */
    void cut(PowerCut cut) {
        for (Change change : pending) {
            if (cut.keeps(change.sequence)) {
                makeDurable(change);
            }
        }
        pending.clear();
        cached.clear();
        cached.putAll(durable);
    }
}
