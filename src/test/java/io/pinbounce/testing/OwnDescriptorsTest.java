package io.pinbounce.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

class OwnDescriptorsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whatIsLeftOpenIsFoundUntilItIsClosed() throws Exception {
        Path file = Files.createFile(folder.resolve("left"));
        OwnDescriptors own = OwnDescriptors.watch(folder);
        InputStream open = Files.newInputStream(file);
        Files.delete(file); // it has no name any more, and is open all the same
        assertEquals(1, own.left().size(), () -> own.left().toString());
        assertTrue(own.left().toString().contains(file.toString()), () -> own.left().toString());
        open.close();
        assertEquals(Set.of(), own.left());
    }

    @Test
    void aRingThatIsLeftOpenIsFound() throws Exception {
        OwnDescriptors own = OwnDescriptors.watch();
        try (DirectQueue queue = DirectQueue.open(1, Engine.AUTO)) {
            int rings = queue.engine().equals("io_uring") ? 1 : 0;
            assertEquals(rings, own.left().size(), () -> own.left().toString());
        }
        assertEquals(Set.of(), own.left());
    }

    @Test
    void descriptorsFromBeforeOrOfOtherFilesAreNotFound() throws Exception {
        Path file = Files.createFile(folder.resolve("before"));
        try (InputStream before = Files.newInputStream(file)) {
            OwnDescriptors own = OwnDescriptors.watch(folder);
            Process child = new ProcessBuilder("cat").start();
            assertEquals(Set.of(), own.left());
            assertEquals(-1, before.read());
            child.getOutputStream().close();
            child.waitFor();
            assertEquals(Set.of(), own.left());
        }
    }
}
