package io.pinbounce.tool.cli;

import io.pinbounce.Sidecars;
import io.pinbounce.tool.bench.BenchPlan;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.scratch.ScratchTarget;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a benchmark's target has its sidecar, if the plan needs one; close it before the target,
 * and the sidecar is gone.
 */
final class BenchSidecar implements AutoCloseable {

    private static final String PREFIX = "pinbounce-bench-sidecar-";

    /** A file in a folder where a sidecar can be; null if there is none to make. */
    private final @Nullable ScratchTarget place;

    private final Path target;

    private final Path path;

    private BenchSidecar(Path target, @Nullable ScratchTarget place) {
        this.target = target;
        this.place = place;
        Path beside = place == null ? target : place.path();
        path = beside.resolveSibling(beside.getFileName() + ".pi");
    }

    /**
     * Finds a place.
     *
     * @param target the file or device
     * @param plan whether a sidecar is needed
     */
    static BenchSidecar of(Path target, BenchPlan plan) throws IOException {
        return new BenchSidecar(
                target, plan.columns().contains(Column.JOURNAL) ? placeFor(target) : null);
    }

    /** A file's sidecar lies beside it; a device has nothing beside it but devices. */
    private static ScratchTarget placeFor(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        return Files.isRegularFile(target) && folder != null
                ? ScratchTarget.temporary(PREFIX, List.of(folder))
                : ScratchTarget.temporary(PREFIX);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try (ScratchTarget closed = place) {
            if (closed != null) {
                Files.deleteIfExists(path);
                Sidecars.forget(target);
            }
        }
    }
}
