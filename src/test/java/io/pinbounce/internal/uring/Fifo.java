package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.OpenFlags;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pipe, whose reads stay in flight until the test writes. */
final class Fifo implements AutoCloseable {

    private final Path path;

    private final FileHandle file;

    Fifo() throws Exception {
        path = Files.createTempDirectory("fifo").resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        // Open for both directions, so that opening does not wait for the other end.
        int fd = LibC.system().open(path.toString(), OpenFlags.O_RDWR, 0);
        assertTrue(fd >= 0, "errno=" + -fd);
        file = new FileHandle(fd);
    }

    FileHandle file() {
        return file;
    }

    /** Writes bytes, which lets reads of so many end. */
    void write(int bytes) throws IOException {
        Files.write(path, new byte[bytes]);
    }

    @Override
    public void close() throws IOException {
        RingFixture.closeFile(file);
        Files.delete(path);
        Files.delete(path.getParent());
    }
}
