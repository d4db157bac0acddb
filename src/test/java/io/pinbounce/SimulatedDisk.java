package io.pinbounce;

import io.pinbounce.internal.engine.SimulatedEngine;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Files and queues on a disk in memory, for tests of packages that see only what the library gives
 * to all.
 *
 * @param engine the disk itself, which does what it is told
 */
@SuppressWarnings("exports") // no user of the library sees the tests
public record SimulatedDisk(SimulatedEngine engine) {

    /** An empty disk of blocks of some size. */
    public static SimulatedDisk of(int block) {
        return new SimulatedDisk(new SimulatedEngine(512, block));
    }

    /** Opens a file on it. */
    public DirectFile open(Path path, DirectOptions options) throws IOException {
        return DirectFile.open(path, options, engine);
    }

    /** Opens a queue for files on it. */
    public DirectQueue queue(int depth) throws IOException {
        return DirectQueue.open(depth, Engine.AUTO, engine);
    }
}
