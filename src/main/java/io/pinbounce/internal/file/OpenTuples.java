package io.pinbounce.internal.file;

import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.sidecar.MemoryTuples;
import io.pinbounce.internal.sidecar.SealException;
import io.pinbounce.internal.sidecar.Sidecar;
import io.pinbounce.internal.sidecar.SidecarSpec;
import io.pinbounce.internal.sidecar.TupleStore;
import io.pinbounce.pi.PiContext;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Objects;

/** The place where an inode's tuples are kept, as long as a file is open on it. */
public final class OpenTuples implements AutoCloseable {

    private final Path path;

    private final TupleStore store;

    private final @Nullable Sidecar sidecar;

    private OpenTuples(Path path, TupleStore store, @Nullable Sidecar sidecar) {
        this.path = path;
        this.store = store;
        this.sidecar = sidecar;
    }

    /**
     * Opens the place that a protection names.
     *
     * @param data the file, which is open
     * @param size bytes of the file
     * @param writes whether the file is open for writing
     */
    public static OpenTuples open(
            IoEngine engine,
            SidecarSpec.Data data,
            Protection protection,
            PiContext context,
            long size,
            boolean writes)
            throws DirectIoException {
        Path path = data.path();
        SidecarOptions options = protection.sidecar();
        if (options == null) {
            long existing = (size + context.interval() - 1) / context.interval();
            return new OpenTuples(path, new MemoryTuples(context, existing), null);
        }
        try {
            Sidecar sidecar = Sidecar.open(spec(engine, data, context, options, writes));
            return new OpenTuples(path, sidecar, sidecar);
        } catch (SealException e) {
            throw Errors.of(e, new Call("open", path), 0);
        }
    }

    /**
     * Makes sure that no other process reads the sidecar: then {@link #openToWrite} can take the
     * place of readers.
     *
     * @param path the writer's name of the file
     */
    void requireAlone(Path path) throws DirectIoException {
        try {
            sidecar().requireAlone();
        } catch (SealException e) {
            throw Errors.of(e, new Call("open", path), 0);
        }
    }

    /**
     * Opens the sidecar for writing in the place of this one, which is only read, and goes on as
     * long as it is not closed.
     */
    OpenTuples openToWrite(IoEngine engine, SidecarSpec.Data data, Protection protection)
            throws DirectIoException {
        Path path = data.path();
        PiContext context = Objects.requireNonNull(protection.context(), "not protected");
        SidecarOptions options = Objects.requireNonNull(protection.sidecar(), "no sidecar");
        try {
            SidecarSpec spec = spec(engine, data, context, options, /* writes= */ true);
            Sidecar writer = sidecar().openToWrite(spec);
            return new OpenTuples(path, writer, writer);
        } catch (SealException e) {
            throw Errors.of(e, new Call("open", path), 0);
        }
    }

    /** Brings the sidecar in order when the last writer leaves; readers go on. */
    void endWriting() throws DirectIoException {
        try {
            sidecar().endWriting();
        } catch (SealException e) {
            throw Errors.of(e, new Call("close", path), 0);
        }
    }

    private Sidecar sidecar() {
        return Objects.requireNonNull(sidecar, "the tuples are in memory");
    }

    public static SidecarSpec spec(
            IoEngine engine,
            SidecarSpec.Data data,
            PiContext context,
            SidecarOptions options,
            boolean writes) {
        return new SidecarSpec(
                engine,
                data,
                options.path(),
                context,
                writes ? SidecarSpec.Access.WRITE : SidecarSpec.Access.READ,
                switch (options.mode()) {
                    case NONE -> SidecarSpec.Mode.NONE;
                    case JOURNAL -> SidecarSpec.Mode.JOURNAL;
                },
                switch (options.existing()) {
                    case REFUSED -> SidecarSpec.Existing.REFUSED;
                    case UNPROTECTED -> SidecarSpec.Existing.UNPROTECTED;
                },
                switch (options.identity()) {
                    case CHECKED -> SidecarSpec.Identity.CHECKED;
                    case ANY -> SidecarSpec.Identity.ANY;
                },
                options.logSize(),
                options.memory());
    }

    public TupleStore store() {
        return store;
    }

    /** Whether there is a sidecar that is only read. */
    boolean isReadOnly() {
        return sidecar != null && sidecar.isReadOnly();
    }

    /** Whether there is a sidecar that is written. */
    boolean isWritable() {
        return sidecar != null && !sidecar.isReadOnly();
    }

    @Override
    public void close() throws DirectIoException {
        end(Sidecar::close);
    }

    /** Closes the tuples of a file that got no name, and removes them. */
    void discard() throws DirectIoException {
        end(Sidecar::discard);
    }

    /** How a sidecar is closed. */
    private interface Ending {

        void of(Sidecar sidecar) throws SealException;
    }

    private void end(Ending ending) throws DirectIoException {
        if (sidecar == null) {
            return;
        }
        try {
            ending.of(sidecar);
        } catch (SealException e) {
            throw Errors.of(e, new Call("close", path), 0);
        }
    }
}
