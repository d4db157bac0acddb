package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

class StubLibraryTest {

    static void requireLibrary() {
        if (StubLoader.class.getResource(StubLoader.resource()) == null) {
            String reason = "no native library, gcc and make build it";
            assertNotEquals("all", System.getenv("PINBOUNCE_REQUIRE"), reason);
            Assumptions.abort(reason);
        }
    }

    @Test
    void thereIsEitherAnInstructionSetOrAReason() {
        assertEquals(StubLibrary.instructions() == null, !StubLibrary.reason().isEmpty());
    }

    /** The build runs this with each instruction set by name: no other takes its place. */
    @Test
    void theInstructionSetIsTheOneAskedFor() {
        String asked = System.getProperty("pinbounce.native", "on");
        String found = String.valueOf(StubLibrary.instructions());
        switch (asked) {
            case "on" -> assertNotEquals("portable", found);
            case "off" -> assertEquals("null", found);
            default -> assertEquals(asked, found);
        }
    }

    @Test
    void theLibraryIsLoadedWithoutAFileAndEachTimeUnderAnotherName() throws Exception {
        requireLibrary();
        long before = memoryFiles();
        SymbolLookup one = StubLoader.load(StubLoader.resource());
        SymbolLookup other = StubLoader.load(StubLoader.resource());
        assertEquals(before + 2, memoryFiles());
        assertNotEquals(one.findOrThrow("pinbounce_crc"), other.findOrThrow("pinbounce_crc"));
    }

    /** The open descriptors of memory that holds the library. */
    private static long memoryFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(StubLibraryTest::isMemoryFile).count();
        }
    }

    private static boolean isMemoryFile(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("pinbounce-stubs");
        } catch (IOException _) {
            return false; // the descriptor that listed the folder is closed by now
        }
    }

    @Test
    void theMissingLibraryOfAnotherArchitectureIsNamed() {
        String resource = "/native/linux-vax/libpinbounce-stubs.so";
        StubLoader.Unavailable e =
                assertThrows(StubLoader.Unavailable.class, () -> StubLoader.load(resource));
        assertNotNull(e.getMessage());
        assertTrue(e.getMessage().endsWith("resource=" + resource), e.getMessage());
    }

    @Test
    void aFileThatIsNoLibraryIsRefused() {
        StubLoader.Unavailable e =
                assertThrows(
                        StubLoader.Unavailable.class,
                        () -> StubLoader.load("/io/pinbounce/internal/linux/StubLoader.class"));
        assertNotNull(e.getMessage());
        assertTrue(e.getMessage().startsWith("the dynamic linker refused"), e.getMessage());
    }
}
