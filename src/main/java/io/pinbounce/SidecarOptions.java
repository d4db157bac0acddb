package io.pinbounce;

import io.pinbounce.internal.sidecar.SidecarPlace;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A sidecar: the file that keeps the tuples of another file, or of a block device. An immutable
 * value: each method returns a changed copy.
 *
 * <pre>{@code
 * Protection.t10(4096).sidecar(SidecarOptions.at(path).mode(SidecarOptions.Mode.NONE))
 * }</pre>
 *
 * <p>Among processes, a sidecar has one writer or many readers. Within one JVM, writers and readers
 * share it, in whatever order they come: a writer that comes after readers opens once the guarded
 * requests under way on the file have ended, as if it wrote to their bytes. Other processes may
 * read again when the last writer is closed.
 *
 * @param path where it is; null for beside the data, with {@code .pi} at the end of its name, or
 *     where the data itself says
 * @param mode what a power cut leaves
 * @param existing what to do about data that has no sidecar yet
 * @param identity what to do about a sidecar that names other data
 * @param logSize bytes of the log of a sidecar that is made, a multiple of 4096, {@value #MIN_LOG}
 *     to {@value #MAX_LOG}; the longer the log, the more seldom its contents are moved to the
 *     tuples' pages
 * @param memory bytes that tuples take in memory at the most, from {@value #MIN_MEMORY} on
 */
public record SidecarOptions(
        @Nullable Path path,
        Mode mode,
        Existing existing,
        Identity identity,
        long logSize,
        long memory) {

    /** Bytes of the shortest log. */
    public static final long MIN_LOG = 256 << 10;

    /** Bytes of the longest log. */
    public static final long MAX_LOG = 1 << 30;

    /** Bytes that tuples need in memory at the least. */
    public static final long MIN_MEMORY = 1 << 20;

    private static final long LOG_SIZE = 16 << 20;

    private static final long MEMORY = 48 << 20;

    /** What a power cut leaves of writes that were under way. */
    public enum Mode {
        /**
         * After a power cut, an interval reads as one whole version: one written since the last
         * force, or the version before. Reading a torn interval is an error that names it. Intents
         * are logged before data is sent.
         */
        JOURNAL,
        /** Intervals under way may read as errors until they are rewritten. Nothing is logged. */
        NONE
    }

    /** What to do about a file or device that has data and no sidecar. */
    public enum Existing {
        /** It is an error: seal it first, or say that it starts unprotected. */
        REFUSED,
        /** It starts unprotected, and is protected as it is rewritten, an interval at a time. */
        UNPROTECTED
    }

    /** What to do about a sidecar that names other data: another inode, or another length. */
    public enum Identity {
        /** It is an error: the data was copied, moved, restored, or changed by other programs. */
        CHECKED,
        /** The sidecar is accepted all the same, to verify the data. For reading only. */
        ANY
    }

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public SidecarOptions {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(existing, "existing");
        Objects.requireNonNull(identity, "identity");
        if (logSize < MIN_LOG || logSize > MAX_LOG || logSize % 4096 != 0) {
            throw new IllegalArgumentException(
                    "a log has a multiple of 4096 bytes, "
                            + (MIN_LOG + " to " + MAX_LOG + ", logSize=" + logSize));
        }
        if (memory < MIN_MEMORY) {
            throw new IllegalArgumentException(
                    "tuples need at least " + MIN_MEMORY + " bytes of memory, memory=" + memory);
        }
    }

    /**
     * A sidecar beside the data.
     *
     * @return with {@link Mode#JOURNAL}, a log of 16 MiB, and 48 MiB of memory
     */
    public static SidecarOptions beside() {
        return new SidecarOptions(
                null, Mode.JOURNAL, Existing.REFUSED, Identity.CHECKED, LOG_SIZE, MEMORY);
    }

    /**
     * A sidecar at any path, which no other file's sidecar has: when a file is made, a sidecar that
     * is there counts as left behind by a file that was deleted, and is replaced.
     *
     * @param path the sidecar's own
     * @return otherwise as {@link #beside()}
     */
    public static SidecarOptions at(Path path) {
        Objects.requireNonNull(path, "path");
        return new SidecarOptions(
                path, Mode.JOURNAL, Existing.REFUSED, Identity.CHECKED, LOG_SIZE, MEMORY);
    }

    /**
     * The same with another mode. A sidecar may be opened in another mode than it was made in.
     *
     * @param mode what a power cut leaves
     * @return a new value
     */
    public SidecarOptions mode(Mode mode) {
        return new SidecarOptions(path, mode, existing, identity, logSize, memory);
    }

    /**
     * The same with another answer to data without a sidecar.
     *
     * @param existing what to do about it
     * @return a new value
     */
    public SidecarOptions existing(Existing existing) {
        return new SidecarOptions(path, mode, existing, identity, logSize, memory);
    }

    /**
     * The same with another answer to a sidecar that names other data.
     *
     * @param identity what to do about it
     * @return a new value
     */
    public SidecarOptions identity(Identity identity) {
        return new SidecarOptions(path, mode, existing, identity, logSize, memory);
    }

    /**
     * The same with a log of another size.
     *
     * @param bytes of the log of a sidecar that is made
     * @return a new value
     */
    public SidecarOptions logSize(long bytes) {
        return new SidecarOptions(path, mode, existing, identity, bytes, memory);
    }

    /**
     * The same with more or less memory.
     *
     * @param bytes at the most
     * @return a new value
     */
    public SidecarOptions memory(long bytes) {
        return new SidecarOptions(path, mode, existing, identity, logSize, bytes);
    }

    /**
     * Where the sidecar of a file is.
     *
     * @param data the file's path
     * @return the sidecar's own path
     */
    public Path pathFor(Path data) {
        Path named = path;
        if (named != null) {
            return named;
        }
        Path name = data.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("a file has a name, path=" + data);
        }
        return data.resolveSibling(name + SidecarPlace.SUFFIX);
    }

    @Override
    public String toString() {
        return "sidecar " + (path == null ? "beside it" : path.toString()) + ", mode=" + mode;
    }
}
