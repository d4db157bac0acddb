package io.pinbounce.cli;

import io.pinbounce.bench.BenchPlan;
import io.pinbounce.bench.Column;
import io.pinbounce.scratch.ScratchTarget;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The target of a benchmark and the place of a sidecar for it, both put back as they were in the
 * end.
 */
final class BenchFiles implements AutoCloseable {

    private static final String PREFIX = "pinbounce-bench-";

    private final ScratchTarget target;

    /** A file in a folder where a sidecar can be. */
    private final @Nullable ScratchTarget place;

    private final Path sidecar;

    private BenchFiles(ScratchTarget target, @Nullable ScratchTarget place) {
        this.target = target;
        this.place = place;
        Path beside = (place == null ? target : place).path();
        sidecar = beside.resolveSibling(beside.getFileName() + ".pi");
    }

    /**
     * Takes a path, or makes a file.
     *
     * @param path what was named, if anything
     * @param existing whether data may be lost
     * @param plan whether a sidecar is needed
     */
    static BenchFiles open(@Nullable Path path, ScratchTarget.Existing existing, BenchPlan plan)
            throws IOException {
        ScratchTarget target =
                path == null
                        ? ScratchTarget.temporary(PREFIX, folders())
                        : ScratchTarget.of(path, existing);
        boolean done = false;
        try {
            ScratchTarget place =
                    plan.columns().contains(Column.JOURNAL) ? placeFor(target.path()) : null;
            done = true;
            return new BenchFiles(target, place);
        } finally {
            if (!done) {
                target.close();
            }
        }
    }

    /** A file's sidecar lies beside it; a device has nothing beside it but devices. */
    private static ScratchTarget placeFor(Path data) throws IOException {
        Path folder = data.toAbsolutePath().getParent();
        return ScratchTarget.temporary(
                PREFIX + "sidecar-",
                Files.isRegularFile(data) && folder != null ? List.of(folder) : folders());
    }

    private static List<Path> folders() {
        return List.of(
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("java.io.tmpdir")),
                Path.of(System.getProperty("user.home")));
    }

    ScratchTarget target() {
        return target;
    }

    Path sidecar() {
        return sidecar;
    }

    @Override
    public void close() throws IOException {
        try (target;
                ScratchTarget closed = place) {
            if (closed != null) {
                Files.deleteIfExists(sidecar);
            }
        }
    }
}
