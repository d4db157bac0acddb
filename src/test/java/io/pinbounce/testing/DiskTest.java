package io.pinbounce.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.internal.engine.SimulatedEngine;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.nio.file.Path;

/** Base of tests of one file on a disk in memory. After each test, the file must be closed. */
public abstract class DiskTest extends IoTest {

    protected static final Path PATH = Path.of("/disk/file");

    protected final SimulatedEngine disk = new SimulatedEngine(512, 512);

    protected DiskTest() {
        this(1 << 20, 1 << 16);
    }

    /** With a pool of some capacity, and of slots up to some size; both in bytes. */
    protected DiskTest(long capacity, int largest) {
        super(new BouncePool(capacity, largest));
    }

    @AfterEach
    protected final void theFileIsClosed() {
        assertEquals(0, disk.openHandles(), "open handles");
    }

    protected final DirectOptions options() {
        return DirectOptions.readWrite().create().bouncePool(pool);
    }

    protected final DirectFile open(DirectOptions options) throws IOException {
        return OnEngine.file(PATH, options, disk);
    }
}
