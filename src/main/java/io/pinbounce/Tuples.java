package io.pinbounce;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.sidecar.MemoryTuples;
import io.pinbounce.internal.sidecar.Opening;
import io.pinbounce.internal.sidecar.SealException;
import io.pinbounce.internal.sidecar.Sidecar;
import io.pinbounce.internal.sidecar.TupleStore;
import io.pinbounce.pi.PiContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;

/** The place where an inode's tuples are kept, as long as a file is open on it. */
final class Tuples implements AutoCloseable {

    private final Path path;

    private final TupleStore store;

    private final @Nullable Sidecar sidecar;

    private final boolean readOnly;

    private Tuples(Path path, TupleStore store, @Nullable Sidecar sidecar, boolean readOnly) {
        this.path = path;
        this.store = store;
        this.sidecar = sidecar;
        this.readOnly = readOnly;
    }

    /**
     * Opens the place that a protection names.
     *
     * @param size of the file
     * @param writes whether it is written
     */
    static Tuples open(
            IoEngine engine,
            Path path,
            Protection protection,
            PiContext context,
            long size,
            boolean writes)
            throws IOException {
        SidecarOptions options = protection.sidecar();
        if (options == null) {
            long existing = (size + context.interval() - 1) / context.interval();
            return new Tuples(path, new MemoryTuples(context, existing), null, false);
        }
        try {
            Sidecar sidecar = Sidecar.open(opening(engine, path, context, options, writes));
            return new Tuples(path, sidecar, sidecar, !writes);
        } catch (SealException e) {
            throw DirectIoException.of(e, new Call("open", path), 0);
        }
    }

    static Opening opening(
            IoEngine engine, Path path, PiContext context, SidecarOptions options, boolean writes) {
        return new Opening(
                engine,
                path,
                options.pathFor(path),
                context,
                writes ? Opening.Access.WRITE : Opening.Access.READ,
                switch (options.mode()) {
                    case NONE -> Opening.Mode.NONE;
                    case JOURNAL -> Opening.Mode.JOURNAL;
                },
                switch (options.existing()) {
                    case REFUSED -> Opening.Existing.REFUSED;
                    case UNPROTECTED -> Opening.Existing.UNPROTECTED;
                },
                switch (options.identity()) {
                    case CHECKED -> Opening.Identity.CHECKED;
                    case ANY -> Opening.Identity.ANY;
                },
                options.logSize(),
                options.memory());
    }

    TupleStore store() {
        return store;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public void close() throws IOException {
        if (sidecar == null) {
            return;
        }
        try {
            sidecar.close();
        } catch (SealException e) {
            throw DirectIoException.of(e, new Call("close", path), 0);
        }
    }
}
