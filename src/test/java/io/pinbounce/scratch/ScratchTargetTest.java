package io.pinbounce.scratch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.scratch.ScratchTarget.Existing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class ScratchTargetTest {

    @TempDir private Path folder;

    @Test
    void aMissingFileIsMadeAndRemoved() throws IOException {
        Path path = folder.resolve("new");
        try (ScratchTarget target = ScratchTarget.of(path, Existing.KEEP)) {
            assertTrue(Files.exists(path));
            assertTrue(target.isTemporary());
            Files.write(path, new byte[100]);
        }
        assertFalse(Files.exists(path));
    }

    @ParameterizedTest
    @EnumSource(Existing.class)
    void anEmptyFileIsLeftEmpty(Existing existing) throws IOException {
        Path path = Files.createFile(folder.resolve("empty"));
        try (ScratchTarget target = ScratchTarget.of(path, existing)) {
            assertFalse(target.isTemporary());
            Files.write(path, new byte[100]);
        }
        assertEquals(0, Files.size(path));
    }

    @Test
    void dataIsKept() throws IOException {
        Path path = Files.writeString(folder.resolve("full"), "precious");
        IOException refused =
                assertThrows(IOException.class, () -> ScratchTarget.of(path, Existing.KEEP));
        assertTrue(refused.toString().contains("--destroy-data"), refused.toString());
        assertTrue(refused.toString().endsWith("path=" + path + " size=8"), refused.toString());
        assertEquals("precious", Files.readString(path));
    }

    @Test
    void dataThatMayGoLeavesItsSizeBehind() throws IOException {
        Path path = Files.writeString(folder.resolve("full"), "precious");
        try (ScratchTarget _ = ScratchTarget.of(path, Existing.DESTROY)) {
            Files.write(path, new byte[100]);
        }
        assertEquals(8, Files.size(path));
    }

    @ParameterizedTest
    @EnumSource(Existing.class)
    void aDirectoryIsRefused(Existing existing) {
        IOException refused =
                assertThrows(IOException.class, () -> ScratchTarget.of(folder, existing));
        assertTrue(refused.toString().contains("directory"), refused.toString());
    }

    @Test
    void aDeviceIsAskedAbout() {
        IOException refused =
                assertThrows(
                        IOException.class,
                        () -> ScratchTarget.of(Path.of("/dev/null"), Existing.KEEP));
        assertTrue(refused.toString().contains("--destroy-data"), refused.toString());
    }

    @Test
    void aMissingFolderIsNamed() {
        Path path = folder.resolve("missing/file");
        IOException refused =
                assertThrows(IOException.class, () -> ScratchTarget.of(path, Existing.KEEP));
        assertTrue(refused.toString().contains("folder is missing"), refused.toString());
    }

    @Test
    void withoutAGoodFolderEachIsGivenAReason() {
        List<Path> folders = List.of(folder.resolve("missing"), Path.of("/proc"));
        IOException refused =
                assertThrows(IOException.class, () -> ScratchTarget.temporary("test-", folders));
        for (Path each : folders) {
            assertTrue(refused.toString().contains(each + " ("), refused.toString());
        }
    }
}
