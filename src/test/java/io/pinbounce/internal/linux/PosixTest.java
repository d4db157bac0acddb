package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What both twins of the control plane do. */
@ParameterizedClass
@MethodSource("twins")
class PosixTest {

    private static final int EBADF = 9;

    private static final int ENOTDIR = 20;

    private static final int ENAMETOOLONG = 36;

    private static final int ELOOP = 40;

    private static final int O_PATH = 0x200000; // asm-generic/fcntl.h

    @TempDir private Path folder;

    private final Posix posix;

    private final LibC libc = LibC.system();

    PosixTest(Posix posix) {
        this.posix = posix;
    }

    static Stream<Posix> twins() throws Throwable {
        return Stream.of(JnrPosix.load(), new FfmPosix());
    }

    private int open(Path path, int flags) {
        int fd = libc.open(path.toString(), flags, 0);
        assertFalse(fd < 0, () -> Errno.describe(-fd));
        return fd;
    }

    private Path file() throws IOException {
        return Files.write(folder.resolve("file"), new byte[1]);
    }

    @Test
    void filesAndFoldersAreMadeDurable() throws IOException {
        for (Path path : List.of(file(), folder)) {
            int fd = open(path, OpenFlags.O_RDONLY);
            assertEquals(0, posix.fsync(fd));
            libc.close(fd);
            assertEquals(-EBADF, posix.fsync(fd));
        }
    }

    @Test
    void whatCannotBeMadeDurableIsInvalid() {
        int fd = open(Path.of("/proc/self/stat"), OpenFlags.O_RDONLY);
        assertEquals(-Errno.EINVAL, posix.fsync(fd));
        libc.close(fd);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "two words", "gr\u00f6\u00dfe", "\u65e5\u672c", "\ud83d\ude00"})
    void aNameIsRemovedOnce(String name) throws IOException {
        Path path = Files.createFile(folder.resolve(name));
        assertEquals(0, posix.unlink(path.toString()));
        assertFalse(Files.exists(path));
        assertEquals(-Errno.ENOENT, posix.unlink(path.toString()));
    }

    @Test
    void whatIsNoNameOfAFileIsNotRemoved() throws IOException {
        Path file = file();
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertEquals(-Errno.ENOENT, posix.unlink(""));
        assertEquals(-Errno.EISDIR, posix.unlink(folder.toString()));
        assertEquals(-ENOTDIR, posix.unlink(file + "/below"));
        assertEquals(-ELOOP, posix.unlink(loop + "/below"));
        assertEquals(-ENAMETOOLONG, posix.unlink(folder + "/" + "n".repeat(256)));
        assertEquals(-ENAMETOOLONG, posix.unlink("/" + "n/".repeat(2048)));
    }

    @Test
    void locksCompeteBetweenDescriptors() throws IOException {
        int one = open(file(), OpenFlags.O_RDONLY);
        int other = open(file(), OpenFlags.O_RDONLY);
        assertEquals(0, posix.flock(one, Posix.LOCK_SH | Posix.LOCK_NB));
        assertEquals(0, posix.flock(other, Posix.LOCK_SH));
        assertEquals(-Errno.EAGAIN, posix.flock(other, Posix.LOCK_EX | Posix.LOCK_NB));
        libc.close(one);
        assertEquals(0, posix.flock(other, Posix.LOCK_EX | Posix.LOCK_NB));
        libc.close(other);
    }

    @Test
    void whatCannotBeLockedIsRefused() throws IOException {
        int fd = open(file(), OpenFlags.O_RDONLY);
        assertEquals(-Errno.EINVAL, posix.flock(fd, 0));
        libc.close(fd);
        assertEquals(-EBADF, posix.flock(fd, Posix.LOCK_SH));
        int nameOnly = open(file(), O_PATH);
        assertEquals(-EBADF, posix.flock(nameOnly, Posix.LOCK_SH));
        libc.close(nameOnly);
    }

    @Test
    void theLimitOfLockedMemoryIsTheSoftOne() throws IOException {
        String limits = Files.readString(Path.of("/proc/self/limits"));
        String soft = limits.replaceAll("(?s).*Max locked memory +(\\w+).*", "$1");
        assertEquals(
                soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft),
                posix.memoryLockLimit());
    }

    @Test
    void theUserIsTheOneThatThisProcessRunsAs() throws IOException {
        assertEquals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), posix.geteuid());
    }
}
