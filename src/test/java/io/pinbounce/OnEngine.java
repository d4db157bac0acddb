package io.pinbounce;

import io.pinbounce.internal.driver.Admission;
import io.pinbounce.internal.engine.IoEngine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What a user opens, on an engine that the test chooses; for tests in all other packages. */
@SuppressWarnings("exports") // no user of the library sees the tests
public final class OnEngine {

    private OnEngine() {}

    /** Opens a file. */
    public static DirectFile file(Path path, DirectOptions options, IoEngine engine)
            throws IOException {
        return DirectFile.open(path, options, engine);
    }

    /** Opens a queue. */
    public static DirectQueue queue(int depth, Engine wanted, IoEngine engine) throws IOException {
        return DirectQueue.open(depth, wanted, engine);
    }

    /** Opens a service. */
    public static IoService service(int threads, int depth, Engine wanted, IoEngine engine)
            throws IOException {
        return IoService.open(threads, depth, wanted, engine);
    }

    /** Opens a service of one thread. */
    public static IoService service(IoEngine engine) {
        try {
            return service(1, 8, Engine.AUTO, engine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a sidecar the one of another data file. */
    public static void adopt(Path data, Path sidecar, IoEngine engine) throws IOException {
        Sidecars.adopt(data, sidecar, engine);
    }

    /** Makes data forget a sidecar that is gone. */
    public static boolean forget(Path data, IoEngine engine) throws IOException {
        return Sidecars.forget(data, engine);
    }

    /** Reads what a sidecar says of itself. */
    public static SidecarInfo info(Path sidecar, IoEngine engine) throws IOException {
        return Sidecars.info(sidecar, engine);
    }

    /** How requests get into a file. */
    public static Admission admission(DirectFile file) {
        return file.admission();
    }
}
