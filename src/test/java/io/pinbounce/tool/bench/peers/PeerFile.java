package io.pinbounce.tool.bench.peers;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file, or a device, whose first bytes are written: every eight of them hold their own position,
 * so that what a contestant read tells where it comes from.
 */
final class PeerFile {

    /** How much of it is measured with. */
    static final long SIZE = 256L << 20;

    private static final int CHUNK = 1 << 20;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

    private PeerFile() {}

    /**
     * Writes all of it, whatever is there.
     *
     * @param path of a device, or of a file, which is made if need be
     * @param size how much is written, a multiple of 1 MiB
     */
    static void fill(Path path, long size) throws IOException {
        try (DirectFile file = DirectFile.open(path, DirectOptions.readWrite().create());
                PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment chunk = arena.allocate(CHUNK);
            for (long at = 0; at < size; at += CHUNK) {
                for (long word = 0; word < CHUNK; word += WORD.byteSize()) {
                    chunk.set(WORD, word, at + word);
                }
                file.write(chunk, at);
            }
            if (file.size() < size) {
                throw new IOException(
                        "The target is too small: size=%d wanted=%d path=%s"
                                .formatted(file.size(), size, path));
            }
            file.force();
        }
    }

    /** In the folder {@code pinbounce.bench.dir}, or in target. */
    static Path inFolder() {
        return Path.of(System.getProperty("pinbounce.bench.dir", "target"), "peers.data");
    }

    /** Fills a file only if it has another size, since a disk takes a while. */
    static Path filled(Path path) throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) != SIZE) {
            fill(path, SIZE);
        }
        return path;
    }

    /**
     * Where the bytes of a block come from.
     *
     * @param block that was read
     * @return the position in the file
     * @throws IOException if they are not what was written at any one position
     */
    static long origin(MemorySegment block) throws IOException {
        long first = block.get(WORD, 0);
        for (long word = 0; word < block.byteSize(); word += WORD.byteSize()) {
            long found = block.get(WORD, word);
            if (found != first + word) {
                throw new IOException(
                        "read what was not written: expected=%d found=%d offset=%d"
                                .formatted(first + word, found, word));
            }
        }
        return first;
    }
}
