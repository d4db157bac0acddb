package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pinbounce.internal.linux.DirectTrial.Answer;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where direct writes go on real file systems. */
class DirectTrialIT {

    private static Answer beside(Path file) throws IOException {
        Files.writeString(file, "content");
        LibC libc = LibC.system();
        int fd = libc.open(file.toString(), OpenFlags.O_RDONLY, 0);
        try {
            Answer answer = DirectTrial.beside(libc, fd);
            assertEquals("content", Files.readString(file));
            try (Stream<Path> entries = Files.list(file.toAbsolutePath().getParent())) {
                assertEquals(
                        List.of(), entries.filter(path -> path.toString().contains("#")).toList());
            }
            return answer;
        } finally {
            libc.close(fd);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void fileSystemsWithoutChecksumsWritePastTheCache(String fileSystem) throws IOException {
        Requirements.loop();
        Requirements.tool("mkfs." + fileSystem);
        try (LoopTarget target =
                LoopTarget.open("--size", "512M", "--sector-size", "4096", "--fs", fileSystem)) {
            assertEquals(Answer.DIRECT, beside(target.path()));
        }
    }

    /** The check can fail: tmpfs takes O_DIRECT (Linux 6.6), and lives in the page cache. */
    @Test
    void canaryTmpfsWritesIntoTheCache() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/dev/shm"), "pinbounce-trial");
        Path file = folder.resolve("data");
        try {
            assertNotEquals(Answer.DIRECT, beside(file));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /** Kernels differ in what they answer; each gives one answer for all files with checksums. */
    @Test
    void btrfsAnswersForFilesWithChecksumsEvenFromAFolderWithout() throws IOException {
        Requirements.loop();
        Requirements.tool("mkfs.btrfs");
        Requirements.tool("chattr");
        Answer first = btrfs(/* checksums= */ true);
        assertNotEquals(Answer.UNKNOWN, first);
        assertEquals(first, btrfs(/* checksums= */ false));
    }

    private static Answer btrfs(boolean checksums) throws IOException {
        try (LoopTarget target = LoopTarget.open("--size", "512M", "--fs", "btrfs")) {
            Path folder = Files.createDirectory(target.path().resolveSibling("folder"));
            if (!checksums) {
                assertEquals(0, Command.run("chattr", "+C", folder.toString()).status());
            }
            return beside(folder.resolve("data"));
        }
    }

    @Test
    void btrfsThatIsMountedWithoutChecksumsWritesPastTheCache() throws IOException {
        Requirements.loop();
        Requirements.tool("mkfs.btrfs");
        try (LoopTarget target = LoopTarget.open("--size", "512M", "--fs", "btrfs")) {
            Path mount = target.path().getParent();
            Command remount =
                    Command.run("mount", "-o", "remount,nodatasum", String.valueOf(mount));
            assertEquals(0, remount.status(), remount::toString);
            assertEquals(Answer.DIRECT, beside(target.path()));
        }
    }

    @Test
    void noTrialIsMadeWhereNoFileCanBe(@TempDir Path folder) throws IOException {
        LibC libc = LibC.system();
        int fd = libc.open("/proc/self/status", OpenFlags.O_RDONLY, 0);
        assertEquals(Answer.UNKNOWN, DirectTrial.beside(libc, fd));
        libc.close(fd);
        Path file = folder.resolve("gone");
        Files.writeString(file, "");
        fd = libc.open(file.toString(), OpenFlags.O_RDONLY, 0);
        Files.delete(file);
        assertNotEquals(Answer.COPIED, DirectTrial.beside(libc, fd));
        libc.close(fd);
    }
}
