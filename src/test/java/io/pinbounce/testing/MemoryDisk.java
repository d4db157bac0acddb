package io.pinbounce.testing;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.internal.engine.SimulatedEngine;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Files and queues on a disk in memory.
 *
 * @param engine the disk itself, which does what it is told
 */
public record MemoryDisk(SimulatedEngine engine) {

    /** An empty disk of blocks of some size. */
    public static MemoryDisk of(int block) {
        return new MemoryDisk(new SimulatedEngine(512, block));
    }

    /** Opens a file on it. */
    public DirectFile open(Path path, DirectOptions options) throws IOException {
        return OnEngine.file(path, options, engine);
    }

    /** Opens a queue for files on it. */
    public DirectQueue queue(int depth) throws IOException {
        return OnEngine.queue(depth, Engine.AUTO, engine);
    }
}
