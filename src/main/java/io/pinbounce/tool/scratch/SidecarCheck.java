package io.pinbounce.tool.scratch;

import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.sidecar.SidecarSearch;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Refuses targets that must not be written over: data that has a sidecar, and sidecars. */
final class SidecarCheck {

    private SidecarCheck() {}

    /**
     * Refuses a target that has a sidecar or is one.
     *
     * @param path a file that may be missing, or a device; of a device only a sidecar beside it is
     *     known
     * @throws IOException if it is, or cannot be looked at
     */
    static void requireNone(Path path) throws IOException {
        Path sidecar = sidecarOf(path);
        if (sidecar != null) {
            throw new IOException(
                    "the target has a sidecar, which would call the data damaged once it is written"
                            + " over; name another target, or remove the sidecar if the data may be"
                            + (" lost: path=" + path + " sidecar=" + sidecar));
        }
        if (Files.isRegularFile(path) && SidecarSearch.isSidecar(path)) {
            throw new IOException(
                    "the target is a sidecar, the protection information of other data; name"
                            + (" another target: path=" + path));
        }
    }

    /** Looks beside each name of the file, then into the sidecars of its folders. */
    private static @Nullable Path sidecarOf(Path path) throws IOException {
        Set<Path> names = new LinkedHashSet<>(Set.of(path.toAbsolutePath()));
        if (Files.exists(path)) {
            names.add(path.toRealPath());
        }
        for (Path name : names) {
            Path sidecar = SidecarOptions.beside().pathFor(name);
            if (Files.exists(sidecar, LinkOption.NOFOLLOW_LINKS)) {
                return sidecar;
            }
        }
        for (Path name : names) {
            Path folder = name.getParent();
            Path found =
                    folder != null && Files.isRegularFile(name)
                            ? SidecarSearch.find(folder, name)
                            : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
