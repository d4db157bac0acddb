package io.pinbounce.internal.engine;

import io.pinbounce.internal.uring.UringEngine;

import org.junit.jupiter.api.Assumptions;

import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A way to make a ring, for the tests that hold for all of them.
 *
 * @param name for messages
 * @param engine makes or returns the engine
 * @param opener makes a ring over it
 */
record RingKind(String name, Supplier<IoEngine> engine, Opener opener) {

    interface Opener {

        IoRing open(IoEngine engine, int depth) throws RingUnavailableException;
    }

    /** Rings on the machine's kernel. */
    static Stream<RingKind> kernel() {
        return Stream.of(
                new RingKind("threads on the kernel", IoEngine::blocking, PooledRing::new),
                new RingKind("io_uring", UringEngine::system, IoEngine::openRing));
    }

    /** Rings over a disk in memory. */
    static Stream<RingKind> disk() {
        return Stream.of(
                new RingKind("threads on a disk", RingKind::newDisk, PooledRing::new),
                new RingKind("simulated", RingKind::newDisk, IoEngine::openRing));
    }

    /** All rings. */
    static Stream<RingKind> all() {
        return Stream.concat(kernel(), disk());
    }

    private static IoEngine newDisk() {
        return new SimulatedEngine(512, 512);
    }

    /** A ring for the current thread; skips the test where there is none. */
    IoRing open(IoEngine engine, int depth) {
        try {
            return opener.open(engine, depth);
        } catch (RingUnavailableException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
