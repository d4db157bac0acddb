package io.pinbounce.tool.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A comparison is fair only if all peers move the same data, and none through the page cache. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeersTest {

    private final Map<String, String> results = new TreeMap<>();

    @BeforeAll
    void tryAll(@TempDir(factory = InTarget.class) Path folder) {
        Command child =
                Command.run(
                        ChildJvm.command(
                                        List.of("--sun-misc-unsafe-memory-access=allow"),
                                        ChildJvm.classPath(),
                                        PeerCheck.class.getName(),
                                        folder.resolve("peers.data").toString())
                                .toArray(String[]::new));
        assertEquals(0, child.status(), child::toString);
        for (String line : child.out().lines().toList()) {
            String[] parts = line.split(" ", 2);
            results.put(parts[0], parts[1]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void movesTheRightBytes(Contestant contestant) {
        String result = results.getOrDefault(contestant.name(), "nothing was printed");
        Requirements.uring(!result.startsWith("skipped: "), contestant + " was " + result);
        assertEquals("ok", result);
    }

    @Test
    void canaryBufferedChannelsAreRefused(@TempDir Path folder) throws IOException {
        Path path = Files.createFile(folder.resolve("buffered"));
        IllegalStateException e =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                DirectProof.open(
                                        path,
                                        () -> FileChannel.open(path, StandardOpenOption.READ)));
        assertTrue(e.toString().contains("lacks O_DIRECT"), e::toString);
    }

    @Test
    void canaryAPeerThatOpensNothingIsRefused(@TempDir Path folder) throws IOException {
        Path path = Files.createFile(folder.resolve("unopened"));
        IllegalStateException e =
                assertThrows(
                        IllegalStateException.class, () -> DirectProof.open(path, () -> () -> {}));
        assertTrue(e.toString().contains("no descriptor"), e::toString);
    }

    @Test
    void canaryWrongBytesAreSeen() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(4096, 4096);
            for (long word = 0; word < 4096; word += 8) {
                block.set(ValueLayout.JAVA_LONG, word, 8192 + word);
            }
            assertEquals(8192, PeerFile.origin(block));
            block.set(ValueLayout.JAVA_BYTE, 4095, (byte) 1);
            assertThrows(IOException.class, () -> PeerFile.origin(block));
        }
    }
}
