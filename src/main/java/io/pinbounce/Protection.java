package io.pinbounce;

import io.pinbounce.pi.PiCheck;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiType;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Whether and how a file's data is guarded: the format of its protection information, and where the
 * tuples are kept. An immutable value.
 *
 * <pre>{@code
 * DirectOptions.readWrite().protection(Protection.t10(4096).memory())
 * DirectOptions.readWrite().protection(Protection.t10(4096).sidecar())
 * }</pre>
 *
 * <p>All files that are open for writing on one inode have the same protection; a guarded file is
 * read and written through Pinbounce alone, since a write past this library makes its tuples wrong.
 */
public final class Protection {

    private static final Protection NONE = new Protection(null, null, StabilityCheck.NONE);

    private final @Nullable PiContext context;

    /** Where tuples survive; null for memory. */
    private final @Nullable SidecarOptions sidecar;

    private final StabilityCheck stabilityCheck;

    private Protection(
            @Nullable PiContext context,
            @Nullable SidecarOptions sidecar,
            StabilityCheck stabilityCheck) {
        this.context = context;
        this.sidecar = sidecar;
        this.stabilityCheck = stabilityCheck;
    }

    /**
     * No protection.
     *
     * @return the default of {@link DirectOptions}
     */
    public static Protection none() {
        return NONE;
    }

    /**
     * T10 protection information of type 1 with the 16-bit guard: what most disks with protection
     * information use.
     *
     * @param interval bytes that one tuple guards, a multiple of 512
     * @return a format; say next where its tuples are kept
     * @throws IllegalArgumentException if the interval is not possible
     */
    public static Format t10(int interval) {
        return of(PiContext.t10(interval));
    }

    /**
     * Any protection information.
     *
     * @param context format, type, tags and checks
     * @return a format; say next where its tuples are kept
     */
    public static Format of(PiContext context) {
        return new Format(Objects.requireNonNull(context, "context"));
    }

    /** Protection information whose tuples still need a place. */
    public static final class Format {

        private final PiContext context;

        private Format(PiContext context) {
            this.context = context;
        }

        /**
         * Keeps tuples in memory as long as any file is open on the inode: for tests and caches.
         * Data that is there already starts unprotected, is read unverified, and is protected as it
         * is rewritten, a whole interval at a time.
         *
         * @return protection with {@link StabilityCheck#AFTER_WRITE}
         */
        public Protection memory() {
            return new Protection(context, null, StabilityCheck.AFTER_WRITE);
        }

        /**
         * Keeps tuples in a sidecar beside the file, named after it with {@code .pi} at the end. It
         * is made with an empty file, survives power cuts, and takes about 1/488 of the data for
         * intervals of 4096 bytes.
         *
         * @return protection with {@link StabilityCheck#AFTER_WRITE}
         * @throws IllegalArgumentException if the context makes no guards: type 0, or a check that
         *     leaves the guard out
         */
        public Protection sidecar() {
            return sidecar(SidecarOptions.beside());
        }

        /**
         * Keeps tuples in a sidecar anywhere, as a block device needs.
         *
         * @param path the sidecar's own, on any file system with direct I/O
         * @return protection with {@link StabilityCheck#AFTER_WRITE}
         * @throws IllegalArgumentException as {@link #sidecar()}
         */
        public Protection sidecar(Path path) {
            return sidecar(SidecarOptions.at(path));
        }

        /**
         * Keeps tuples in a sidecar.
         *
         * @param options where it is, and how it works
         * @return protection with {@link StabilityCheck#AFTER_WRITE}
         * @throws IllegalArgumentException as {@link #sidecar()}
         */
        public Protection sidecar(SidecarOptions options) {
            if (context.type() == PiType.TYPE_0 || !context.checks().contains(PiCheck.GUARD)) {
                throw new IllegalArgumentException(
                        "a sidecar keeps guards: choose a type other than 0, and PiCheck.GUARD"
                                + (" among the checks, context=" + context));
            }
            return new Protection(
                    context,
                    Objects.requireNonNull(options, "options"),
                    StabilityCheck.AFTER_WRITE);
        }
    }

    /**
     * The same with another check of pinned writes.
     *
     * @param check what to do about memory that does not hold still
     * @return a new value
     */
    public Protection stabilityCheck(StabilityCheck check) {
        return new Protection(context, sidecar, Objects.requireNonNull(check, "check"));
    }

    /**
     * What a guarded {@link Transfer#PIN} write does about memory that did not hold still.
     *
     * @return the check
     */
    public StabilityCheck stabilityCheck() {
        return stabilityCheck;
    }

    /**
     * How tuples are made.
     *
     * @return format, type, tags and checks; null for no protection
     */
    public @Nullable PiContext context() {
        return context;
    }

    /**
     * The sidecar that tuples are kept in.
     *
     * @return where and how; null if they are kept in memory, or not at all
     */
    public @Nullable SidecarOptions sidecar() {
        return sidecar;
    }

    @Override
    public String toString() {
        return context == null
                ? "none"
                : context + " in " + (sidecar == null ? "memory" : sidecar.toString());
    }
}
