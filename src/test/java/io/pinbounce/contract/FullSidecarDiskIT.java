package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Requirements;
import io.pinbounce.testing.Sentence;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sidecar on a small file system that is full, and has room again later. */
class FullSidecarDiskIT extends IoTest {

    private static final int BLOCK = 4096;

    /** Bytes of data whose tuples are on one page. */
    private static final long PER_PAGE = 488L * BLOCK;

    private static final int PAGES = 20; // so few that no checkpoint comes before the end

    @TempDir private Path folder;

    private Path small() {
        return folder.resolve("small");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path sidecar() {
        return small().resolve("data.pi");
    }

    @BeforeEach
    void mount() throws IOException {
        Requirements.root();
        Requirements.tool("mount");
        Files.createDirectory(small());
        run("mount", "-t", "tmpfs", "-o", "size=128k", "pinbounce-test", small().toString());
    }

    @AfterEach
    void unmount() {
        if (Files.exists(small())) {
            run("umount", "-l", small().toString()); // a test that fails may leave a file open
        }
    }

    private void resize(int kibibytes) {
        run("mount", "-o", "remount,size=" + kibibytes + "k", small().toString());
    }

    private static void run(String... command) {
        Command done = Command.run(command);
        assertEquals(0, done.status(), done.err());
    }

    private DirectFile open() throws IOException {
        SidecarOptions options = SidecarOptions.at(sidecar()).logSize(SidecarOptions.MIN_LOG);
        return DirectFile.open(
                data(),
                DirectOptions.readWrite()
                        .create()
                        .bouncePool(pool)
                        .directIo(DirectIo.PREFERRED)
                        .protection(Protection.t10(BLOCK).sidecar(options)));
    }

    private static DirectIoException refused(Executable call, String word) {
        DirectIoException e = assertThrows(DirectIoException.class, call);
        assertEquals(Errno.ENOSPC, e.errno(), e.toString());
        String message = Sentence.of(e);
        assertTrue(message.contains("make room there"), message);
        assertTrue(message.contains(word), message);
        return e;
    }

    @Test
    void aSidecarIsMadeOnceThereIsRoom() throws IOException {
        refused(() -> open().close(), "=" + sidecar());
        assertFalse(Files.exists(sidecar()), "half a sidecar is left");
        assertFalse(Files.exists(data()), "an empty file is left");
        resize(1024);
        try (DirectFile file = open()) {
            file.write(heap(bytes(1, BLOCK)), 0);
            assertArrayEquals(bytes(1, BLOCK), read(file, 0, BLOCK));
        }
    }

    @Test
    void nothingIsLostIfTheTuplesFindNoRoom() throws IOException {
        resize(1024);
        DirectFile file = open();
        resize(300); // the log is there, and room for few pages
        for (int i = 0; i < PAGES; i++) {
            file.write(heap(bytes(i, BLOCK)), i * PER_PAGE);
        }
        refused(file::close, "until the file is closed and opened again");
        refused(() -> open().close(), "=" + sidecar());
        resize(1024);
        try (DirectFile again = open()) {
            for (int i = 0; i < PAGES; i++) {
                assertArrayEquals(bytes(i, BLOCK), read(again, i * PER_PAGE, BLOCK));
            }
            assertEquals(0, again.counts().unverifiedIntervals());
        }
    }
}
