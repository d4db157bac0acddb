package io.pinbounce.tool.bench;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A file of {@link #SIZE} bytes, all of them written, or a device that is at least as large.
 *
 * @param path where it is
 * @param protection as it is opened
 */
record BenchFile(Path path, Protection protection) {

    static final long SIZE = Traffic.SPAN;

    private static final int CHUNK = 1 << 20;

    /** The file {@code bench.data} in the folder {@code pinbounce.bench.dir}, or in target. */
    static BenchFile inFolder() throws IOException {
        return at(Path.of(System.getProperty("pinbounce.bench.dir", "target"), "bench.data"));
    }

    /** Any file, which is made if need be, or a device; what is there is written over. */
    static BenchFile at(Path path) throws IOException {
        BenchFile file = new BenchFile(path, Protection.none());
        boolean device = Files.exists(path) && !Files.isRegularFile(path);
        if (device || !Files.exists(path) || Files.size(path) != SIZE) {
            file.fill(device ? DirectOptions.readWrite() : DirectOptions.readWrite().create());
        }
        return file;
    }

    /**
     * A file with a sidecar beside it, which is made anew.
     *
     * @param path of the file; what is there goes
     * @param protection with a sidecar
     */
    static BenchFile guarded(Path path, Protection protection) throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(Objects.requireNonNull(protection.sidecar()).pathFor(path));
        BenchFile file = new BenchFile(path, protection);
        file.fill(DirectOptions.readWrite().createNew());
        return file;
    }

    /** The same with another protection. */
    BenchFile with(Protection other) {
        return new BenchFile(path, other);
    }

    private void fill(DirectOptions options) throws IOException {
        try (DirectFile file = DirectFile.open(path, options.protection(protection));
                PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment chunk = arena.allocate(CHUNK).fill((byte) 0x5A);
            for (long at = 0; at < SIZE; at += CHUNK) {
                file.write(chunk, at);
            }
            if (file.size() < SIZE) {
                throw new IOException("a target has at least " + SIZE + " bytes, path=" + path);
            }
            file.force();
        }
    }

    DirectFile open(Transfer transfer) throws IOException {
        return DirectFile.open(
                path, DirectOptions.readWrite().transfer(transfer).protection(protection));
    }

    /** Opens the file with the JDK's own direct I/O. */
    FileChannel openChannel() throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, jdkDirect());
    }

    /** By name: javac warns of each mention of this option, which only the JDK has. */
    private static OpenOption jdkDirect() throws IOException {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return (OpenOption) Objects.requireNonNull(options.getField("DIRECT").get(null));
        } catch (ReflectiveOperationException e) {
            throw new IOException("this JDK has no option for direct I/O", e);
        }
    }
}
