package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A cold process gets to its first requests without what they do not need. */
class FirstRequestTest {

    private static final int BLOCK = 4096;

    /** Loading JNR-POSIX takes a quarter of a second. */
    private static final String CONTROL_PLANE = "jnr.posix.POSIX ";

    @TempDir private Path folder;

    /** Runs in the other process: writes and reads, with a sidecar if an argument says so. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) throws IOException {
            Host.warmUp();
            DirectOptions plain = DirectOptions.readWrite().directIo(DirectIo.PREFERRED);
            DirectOptions options =
                    args.length > 1
                            ? plain.protection(
                                    Protection.t10(BLOCK)
                                            .sidecar(
                                                    SidecarOptions.beside()
                                                            .existing(
                                                                    SidecarOptions.Existing
                                                                            .UNPROTECTED)))
                            : plain;
            try (PinnedArena arena = PinnedArena.ofShared();
                    DirectQueue queue = DirectQueue.open(1);
                    DirectFile file = DirectFile.open(Path.of(args[0]), options)) {
                MemorySegment block = arena.allocate(BLOCK);
                file.write(block, 0);
                file.force();
                queue.read(file, block, 0, 0);
                queue.await(1, done -> System.out.println("read " + done.bytes()));
                file.write(block.asSlice(0, 1), BLOCK);
                file.truncate(0);
            }
        }
    }

    @Test
    void readingWritingAppendingAndForcingDoWithoutTheControlPlane() throws IOException {
        assertFalse(run().contains(CONTROL_PLANE));
    }

    @Test
    void canaryASidecarNeedsTheControlPlane() throws IOException {
        assertTrue(run("sidecar").contains(CONTROL_PLANE));
    }

    private String run(String... more) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[BLOCK]);
        List<String> command =
                ChildJvm.command(
                        List.of("-Xlog:class+load"),
                        ChildJvm.classPath(),
                        Program.class.getName(),
                        file.toString());
        command.addAll(List.of(more));
        Command ended = Command.run(command.toArray(String[]::new));
        assertEquals(0, ended.status(), ended::err);
        assertTrue(ended.out().contains("read " + BLOCK), ended::out);
        return ended.out();
    }
}
