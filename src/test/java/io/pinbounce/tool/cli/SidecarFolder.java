package io.pinbounce.tool.cli;

import io.pinbounce.testing.Seed;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

/** A folder in the project's own, whatever file system that is on, for data and sidecars. */
final class SidecarFolder implements AutoCloseable {

    private final Path folder;

    private SidecarFolder(Path folder) {
        this.folder = folder;
    }

    static SidecarFolder make() throws IOException {
        return new SidecarFolder(Files.createTempDirectory(Path.of("target"), "cli"));
    }

    Path resolve(String name) {
        return folder.resolve(name);
    }

    /** A new file of random bytes. */
    Path data(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(Seed.value()).nextBytes(bytes);
        return Files.write(folder.resolve(name), bytes);
    }

    /** What a disk does to data at rest: changes one byte, past everything in the library. */
    static void flip(Path path, long position) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(position);
            int old = file.read();
            file.seek(position);
            file.write(old ^ 0x40);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
