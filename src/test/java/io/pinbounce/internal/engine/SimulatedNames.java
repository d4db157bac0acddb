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
 * The names of a simulated disk's files: those that readers see, those that are durable, and in
 * order the pending changes between them. A power cut decides on each name separately: of two new
 * files it may leave only the second.
 */
final class SimulatedNames {

    private final Map<Path, SimulatedFile> cached = new LinkedHashMap<>();

    private final Map<Path, SimulatedFile> durable = new LinkedHashMap<>();

    private final List<Change> pending = new ArrayList<>();

    /** A name that was made, or removed if the file is null. */
    private record Change(long sequence, Path path, @Nullable SimulatedFile file) {}

    SimulatedNames() {}

    /** Copies the names, with copies of all files. */
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

    /**
     * The file that would have a name if all pending changes were lost; if none would, the one that
     * has it now.
     */
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

    /** Makes the names and removals of a folder durable. */
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

    /** Loses the changes that a power cut does not leave. */
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
