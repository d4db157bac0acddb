package io.pinbounce.internal.file;

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

import java.io.IOException;
import java.nio.file.Path;

/** The place where an inode's tuples are kept, as long as a file is open on it. */
public final class OpenTuples implements AutoCloseable {

    private final Path path;

    private final TupleStore store;

    private final @Nullable Sidecar sidecar;

    private final boolean readOnly;

    private OpenTuples(Path path, TupleStore store, @Nullable Sidecar sidecar, boolean readOnly) {
        this.path = path;
        this.store = store;
        this.sidecar = sidecar;
        this.readOnly = readOnly;
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
            throws IOException {
        Path path = data.path();
        SidecarOptions options = protection.sidecar();
        if (options == null) {
            long existing = (size + context.interval() - 1) / context.interval();
            return new OpenTuples(path, new MemoryTuples(context, existing), null, false);
        }
        try {
            Sidecar sidecar = Sidecar.open(spec(engine, data, context, options, writes));
            return new OpenTuples(path, sidecar, sidecar, !writes);
        } catch (SealException e) {
            throw Errors.of(e, new Call("open", path), 0);
        }
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

    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public void close() throws IOException {
        end(Sidecar::close);
    }

    /** Closes the tuples of a file that got no name, and removes them. */
    void discard() throws IOException {
        end(Sidecar::discard);
    }

    /** How a sidecar is closed. */
    private interface Ending {

        void of(Sidecar sidecar) throws SealException;
    }

    private void end(Ending ending) throws IOException {
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
