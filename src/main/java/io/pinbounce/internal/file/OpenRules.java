package io.pinbounce.internal.file;

import io.pinbounce.Contents;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Geometry;
import io.pinbounce.SidecarOptions;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.linux.FileStatus;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * What a file must be like to be opened as asked for.
 *
 * @param spec what is asked for
 * @param path the file
 * @param call for messages
 */
record OpenRules(OpenSpec spec, Path path, Call call) {

    /** Refuses a path that cannot be encoded: the kernel would get the name of another file. */
    static void requireKernelName(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException(
                    "direct I/O needs a path of the default file system: path=" + path);
        }
        if (!survivesAsText(path)) {
            throw new IllegalArgumentException(
                    "the path is no text in this process's encoding; rename the file, or start"
                            + (" with LC_ALL=C.UTF-8: path=" + path));
        }
    }

    private static boolean survivesAsText(Path path) {
        try {
            return path.equals(Path.of(path.toString()));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Checks all that does not depend on other files. */
    void check(FileStatus status, Geometry geometry) throws DirectIoException {
        boolean required = spec.directIo() == DirectIo.REQUIRED;
        if (required && isBuffered(geometry)) {
            throw new DirectIoException(
                    "direct I/O is required, but is not real here ("
                            + geometry.directIoReason()
                            + "); DirectIo.PREFERRED accepts that",
                    call,
                    0,
                    0);
        }
        if (status.isBlockDevice() && spec.contents() == Contents.DISCARD) {
            throw new IllegalArgumentException("a block device cannot be emptied: path=" + path);
        }
        requireFittingPool(geometry);
        requireFittingSidecar(status);
    }

    private boolean isBuffered(Geometry geometry) {
        return switch (geometry.directIo()) {
            case DIRECT -> false;
            case BUFFERED_WRITES -> spec.writes();
            case BUFFERED -> true;
        };
    }

    private void requireFittingSidecar(FileStatus status) {
        SidecarOptions sidecar = spec.protection().sidecar();
        if (sidecar == null) {
            return;
        }
        if (status.isBlockDevice() && sidecar.path() == null) {
            throw new IllegalArgumentException(
                    "a block device's sidecar is not beside it, say where with Protection.sidecar:"
                            + (" path=" + path));
        }
        if (spec.writes() && sidecar.identity() == SidecarOptions.Identity.ANY) {
            throw new IllegalArgumentException(
                    "a sidecar that may be of other data is for reading only, path=" + path);
        }
    }

    private void requireFittingPool(Geometry geometry) {
        long unit = Alignment.common(geometry.readAlignment(), geometry.writeAlignment());
        if (spec.protection().context() != null) {
            unit = Alignment.common(unit, spec.protection().context().interval());
        }
        if (Math.max(unit, geometry.memoryAlignment()) > spec.pool().largestSlot()) {
            throw new IllegalArgumentException(
                    "the bounce pool's largest slot is smaller than a block of this file: slot="
                            + (spec.pool().largestSlot() + " block=" + unit)
                            + (" path=" + path));
        }
    }

    void requireKind(FileStatus status) throws DirectIoException {
        if (status.errno() != 0) {
            throw Errors.of(call, -status.errno(), 0);
        }
        if (!status.isRegular() && !status.isBlockDevice()) {
            throw new DirectIoException(
                    "only regular files and block devices have direct I/O, this is a "
                            + status.kind(),
                    call,
                    0,
                    0);
        }
    }
}
