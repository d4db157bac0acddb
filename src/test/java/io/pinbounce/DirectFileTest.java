package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.engine.IoEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on the file system that holds the build folder. */
class DirectFileTest extends DirectFileContract {

    private Path folder = Path.of("target");

    private int paths;

    @BeforeEach
    final void makeFolder() throws IOException {
        folder = Files.createTempDirectory(Path.of("target"), "contract");
    }

    @AfterEach
    final void removeFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Override
    protected IoEngine engine() {
        return IoEngine.blocking();
    }

    @Override
    protected Path newPath() {
        return folder.resolve("file" + paths++);
    }

    @Override
    protected DirectIo directIo() {
        return DirectIo.PREFERRED; // wherever the project was cloned to
    }

    @Override
    protected int openHandles() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return (int) descriptors.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
