package io.pinbounce.tool.scratch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.tool.scratch.ScratchTarget.Existing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    void aFileWithDataIsRefusedAndKept() throws IOException {
        Path path = Files.writeString(folder.resolve("full"), "precious");
        IOException refused =
                assertThrows(IOException.class, () -> ScratchTarget.of(path, Existing.KEEP));
        assertTrue(refused.toString().contains("--destroy-data"), refused.toString());
        assertTrue(refused.toString().endsWith("path=" + path + " size=8"), refused.toString());
        assertEquals("precious", Files.readString(path));
    }

    @Test
    void aFileThatIsOverwrittenGetsItsSizeBack() throws IOException {
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
    void aDeviceIsRefusedWithoutDestroyData() {
        IOException refused =
                assertThrows(
                        IOException.class,
                        () -> ScratchTarget.of(Path.of("/dev/null"), Existing.KEEP));
        assertTrue(refused.toString().contains("--destroy-data"), refused.toString());
    }

    @ParameterizedTest
    @EnumSource(Existing.class)
    void sealedDataIsRefused(Existing existing) throws IOException {
        Path path = sealed("data");
        refused(path, existing, "sidecar=" + folder.resolve("data.pi"));
    }

    @ParameterizedTest
    @EnumSource(Existing.class)
    void sealedDataIsRefusedUnderItsOtherNames(Existing existing) throws IOException {
        Path path = sealed("data");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        String sidecar = "sidecar=" + folder.resolve("data.pi");
        refused(Files.createLink(folder.resolve("hard"), path), existing, sidecar);
        refused(Files.createSymbolicLink(elsewhere.resolve("soft"), path), existing, sidecar);
        Path moved = Files.move(folder.resolve("data.pi"), folder.resolve("other.pi"));
        refused(path, existing, "sidecar=" + moved);
    }

    @Test
    void aFileWhoseSidecarIsDamagedOrUnknownIsRefused() throws IOException {
        Path path = Files.writeString(folder.resolve("data"), "precious");
        Files.writeString(folder.resolve("data.pi"), "no sidecar that this release knows");
        refused(path, Existing.DESTROY, "sidecar=" + folder.resolve("data.pi"));
    }

    @Test
    void aMissingFileWithASidecarIsRefused() throws IOException {
        Path path = sealed("data");
        Files.delete(path);
        refused(path, Existing.KEEP, "sidecar=" + folder.resolve("data.pi"));
        assertFalse(Files.exists(path));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096})
    void aSidecarIsRefusedThoughOneOfItsSuperblocksIsLost(int lost) throws IOException {
        Path data = sealed("data");
        Path sidecar = Files.move(folder.resolve("data.pi"), folder.resolve("any name"));
        try (FileChannel channel = FileChannel.open(sidecar, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4096), lost);
        }
        byte[] before = Files.readAllBytes(sidecar);
        refused(sidecar, Existing.DESTROY, "is a sidecar");
        assertArrayEquals(before, Files.readAllBytes(sidecar));
        ScratchTarget.of(data, Existing.DESTROY).close(); // nothing names it any more
    }

    @Test
    void sealedDataThatIsOpenIsRefused() throws IOException {
        Path path = Files.createFile(folder.resolve("data"));
        Path sidecar = folder.resolve("data.pi");
        try (DirectFile _ = DirectFile.open(path, guarded())) {
            refused(path, Existing.DESTROY, "sidecar=" + sidecar);
            refused(sidecar, Existing.DESTROY, "is a sidecar");
        }
    }

    @Test
    void aSealedFileBesideTheTargetDoesNotMatter() throws IOException {
        sealed("data");
        Files.writeString(folder.resolve("short.pi"), "7 bytes");
        Path path = Files.writeString(folder.resolve("other"), "precious");
        ScratchTarget.of(path, Existing.DESTROY).close();
    }

    /** A guarded file beside its sidecar. */
    private Path sealed(String name) throws IOException {
        Path path = Files.createFile(folder.resolve(name));
        try (DirectFile file = DirectFile.open(path, guarded());
                PinnedArena arena = PinnedArena.ofConfined()) {
            file.write(arena.allocate(8192), 0);
            file.force();
        }
        return path;
    }

    private static DirectOptions guarded() {
        return DirectOptions.readWrite()
                .directIo(DirectIo.PREFERRED)
                .protection(Protection.t10(4096).sidecar());
    }

    private static void refused(Path path, Existing existing, String part) {
        IOException refused =
                assertThrows(IOException.class, () -> ScratchTarget.of(path, existing));
        assertTrue(refused.toString().contains(part), refused.toString());
        assertTrue(refused.toString().contains("path=" + path), refused.toString());
        assertTrue(refused.toString().contains("name another target"), refused.toString());
    }

    @Test
    void aMissingFolderIsNamed() {
        Path path = folder.resolve("missing/file");
        IOException refused =
                assertThrows(IOException.class, () -> ScratchTarget.of(path, Existing.KEEP));
        assertTrue(refused.toString().contains("folder is missing"), refused.toString());
    }

    @Test
    void ifNoFolderServesEachIsNamedWithItsReason() {
        List<Path> folders = List.of(folder.resolve("missing"), Path.of("/proc"));
        IOException refused =
                assertThrows(IOException.class, () -> ScratchTarget.temporary("test-", folders));
        for (Path each : folders) {
            assertTrue(refused.toString().contains(each + " ("), refused.toString());
        }
    }
}
