package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.pi.PiContext;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.function.IntUnaryOperator;

/**
 * How a sidecar is opened.
 *
 * @param engine opens both files
 * @param data the file or device that it is for
 * @param path the sidecar's path; null for beside the data
 * @param context how tuples are made
 * @param access whether to read or to write
 * @param mode what a power cut leaves of writes
 * @param existing what to do about data without a sidecar
 * @param identity what to do about a sidecar that names other data
 * @param logSize bytes of the log, if the sidecar is new
 * @param memory bytes that the sidecar takes in memory at the most
 */
public record SidecarSpec(
        IoEngine engine,
        Data data,
        @Nullable Path path,
        PiContext context,
        Access access,
        Mode mode,
        Existing existing,
        Identity identity,
        long logSize,
        long memory) {

    /**
     * The file or device that a sidecar is for.
     *
     * @param handle is open, for writing if the sidecar is
     * @param path its name
     * @param origin whether it was just made
     * @param reopen opens it once more, whatever its name is now: takes flags, and returns a handle
     *     or {@code -errno}
     */
    public record Data(int handle, Path path, Origin origin, IntUnaryOperator reopen) {

        /** Data that was there. */
        public static Data found(IoEngine engine, int handle, Path path) {
            return new Data(
                    handle, path, Origin.FOUND, flags -> reopen(engine, handle, path, flags));
        }

        private static int reopen(IoEngine engine, int handle, Path path, int flags) {
            int again = engine.reopen(handle, flags);
            if (again != -Errno.ENOENT) {
                return again;
            }
            // Without procfs, only the name leads to the file.
            again = engine.open(path, flags);
            FileStatus status = engine.status(handle);
            if (again >= 0 && !engine.status(again).isSameFile(status)) {
                engine.close(again);
                return -Errno.ENOENT;
            }
            return again;
        }
    }

    /** Where data comes from. */
    public enum Origin {
        /** It was there, and may have a sidecar. */
        FOUND,
        /** It was just made and has no name yet: a sidecar in its place is of other data. */
        MADE
    }

    /** What a sidecar is opened for. */
    public enum Access {
        /** Nothing is changed. */
        READ(IoEngine.Lock.SHARED),
        /** It is recovered if need be, and written. */
        WRITE(IoEngine.Lock.EXCLUSIVE);

        private final IoEngine.Lock lock;

        Access(IoEngine.Lock lock) {
            this.lock = lock;
        }

        IoEngine.Lock lock() {
            return lock;
        }
    }

    /** What a power cut leaves of writes that were under way. */
    public enum Mode {
        /** Errors, maybe. */
        NONE,
        /** One whole version, or an error that names the interval. */
        JOURNAL
    }

    /** What to do about data without a sidecar. */
    public enum Existing {
        /** It is refused. */
        REFUSED,
        /** It is unprotected. */
        UNPROTECTED
    }

    /** What to do about a sidecar that names other data. */
    public enum Identity {
        /** It is refused. */
        CHECKED,
        /** It is used all the same. */
        ANY
    }
}
