package io.pinbounce.tool.bench;

import io.pinbounce.DirectFile;
import io.pinbounce.ProtectionException;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whether reads of a guarded file are verified: an interval is changed past the file, a read must
 * notice that, and the interval is then written again as it was.
 */
final class CorruptionCheck {

    private CorruptionCheck() {}

    /**
     * Tries it on an interval that no request uses meanwhile.
     *
     * @param file guarded
     * @param path of the same file
     * @param position of the interval
     * @return what is wrong, or empty
     */
    static String check(DirectFile file, Path path, long position) throws IOException {
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment good = arena.allocate(Column.INTERVAL);
            MemorySegment read = arena.allocate(Column.INTERVAL);
            file.read(good, position);
            overwrite(path, good, position);
            try {
                file.read(read, position);
                return "a changed interval passed, so nothing is verified: position=" + position;
            } catch (ProtectionException expected) {
                return "";
            } finally {
                file.write(good, position);
            }
        }
    }

    /** Through the page cache, which the kernel writes out before the next direct read. */
    private static void overwrite(Path path, MemorySegment good, long position) throws IOException {
        ByteBuffer bad = ByteBuffer.allocate(Column.INTERVAL);
        bad.put(good.asByteBuffer()).flip();
        bad.put(0, (byte) ~bad.get(0));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(bad, position);
        }
    }
}
