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
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.uring.UringEngine;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;

/** What stands where a sidecar is looked for may belong to other data, and is not touched then. */
class SidecarTrustTest extends IoTest {

    private static final byte[] DATA = bytes(1, 8192);

    private static final SidecarOptions BESIDE =
            SidecarOptions.beside().logSize(SidecarOptions.MIN_LOG);

    @TempDir private Path folder = Path.of("");

    private Path path = Path.of("");

    private Path sidecar = Path.of("");

    @BeforeEach
    void choosePaths() {
        path = folder.resolve("data");
        sidecar = BESIDE.pathFor(path);
    }

    private DirectOptions guarded() {
        return DirectOptions.readWrite()
                .bouncePool(pool)
                .directIo(DirectIo.PREFERRED)
                .protection(Protection.t10(4096).sidecar(BESIDE));
    }

    private void make(Path file) throws IOException {
        try (DirectFile made = DirectFile.open(file, guarded().createNew())) {
            made.write(heap(DATA), 0);
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void theSidecarOfOtherDataKeepsItsPermissions() throws IOException {
        Path secret = folder.resolve("secret");
        make(secret);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        DirectFile.open(secret, guarded()).close();
        assertEquals("rw-------", permissions(BESIDE.pathFor(secret)));
        Files.write(path, DATA);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.createSymbolicLink(sidecar, BESIDE.pathFor(secret));
        assertSays(
                assertThrows(DirectIoException.class, () -> DirectFile.open(path, guarded())),
                "belongs to other data");
        assertEquals("rw-------", permissions(BESIDE.pathFor(secret)));
    }

    @Test
    void aPairThatIsMovedToTheNameOfAFileBeingMadeStaysWhole() throws IOException {
        Path other = folder.resolve("other");
        make(other);
        IoEngine slow =
                new HookedEngine(UringEngine.system(), _ -> {}) {
                    @Override
                    public int link(int handle, Path name) {
                        if (name.equals(path)) {
                            move(other, path);
                            move(BESIDE.pathFor(other), sidecar);
                        }
                        return super.link(handle, name);
                    }
                };
        DirectIoException refused =
                assertThrows(
                        DirectIoException.class,
                        () -> OnEngine.file(path, guarded().createNew(), slow));
        assertEquals(Errno.EEXIST, refused.errno());
        assertTrue(Files.exists(sidecar));
        try (DirectFile file = DirectFile.open(path, guarded())) {
            assertArrayEquals(DATA, read(file));
        }
    }

    private static void move(Path from, Path to) {
        assertTrue(from.toFile().renameTo(to.toFile()));
    }

    @Test
    void aLinkToDataThatIsNotThereKeepsTheSidecarBesideIt() throws IOException {
        Path away = folder.resolve("away");
        make(away);
        Files.createSymbolicLink(path, folder.resolve("unmounted/data"));
        Files.move(BESIDE.pathFor(away), sidecar);
        Files.move(away, Files.createDirectory(folder.resolve("kept")).resolve("data"));
        DirectIoException refused =
                assertThrows(
                        DirectIoException.class,
                        () -> DirectFile.open(path, guarded().createNew()));
        assertEquals(Errno.EEXIST, refused.errno());
        assertTrue(Files.exists(sidecar));
        assertFalse(Files.exists(path));
    }

    @Test
    void aFileOpenedThroughALinkIsFoundAfterItIsRenamed() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("d".repeat(40)));
        make(deep.resolve("data"));
        Files.createSymbolicLink(path, deep.resolve("data"));
        DirectFile.open(path, guarded()).close();
        Files.move(deep.resolve("data"), deep.resolve("renamed"));
        try (DirectFile file = DirectFile.open(deep.resolve("renamed"), guarded())) {
            assertArrayEquals(DATA, read(file));
        }
    }

    @Test
    void theSidecarOfDataThatIsNotMountedIsKept() throws IOException {
        Path mounted = Path.of("/dev/shm").resolve("pinbounce-" + folder.getFileName());
        Requirements.orSkip(
                Files.isWritable(mounted.getParent()),
                "no writable file system at " + mounted.getParent());
        SidecarOptions named =
                SidecarOptions.at(folder.resolve("named.pi")).logSize(SidecarOptions.MIN_LOG);
        DirectOptions options = guarded().protection(Protection.t10(4096).sidecar(named));
        try {
            DirectFile.open(mounted, options.createNew()).close();
            assertSays(
                    assertThrows(
                            DirectIoException.class, () -> DirectFile.open(path, options.create())),
                    "may not be mounted");
            assertFalse(Files.exists(path));
            DirectFile.open(mounted, options).close();
        } finally {
            Files.deleteIfExists(mounted);
        }
    }

    @Test
    void aLinkToASidecarThatIsNotThereIsNamed() throws IOException {
        Files.createSymbolicLink(sidecar, folder.resolve("unmounted/data.pi"));
        assertSays(
                assertThrows(
                        DirectIoException.class,
                        () -> DirectFile.open(path, guarded().createNew())),
                "a link that leads nowhere");
        assertFalse(Files.exists(path));
    }

    @Test
    void furtherUsersMayDoTheSameWithTheSidecarAsWithTheData() throws IOException {
        make(path);
        String name = "system.posix_acl_access";
        IoEngine engine = UringEngine.system();
        MemorySegment list =
                pinned(
                        HexFormat.of()
                                .parseHex(
                                        "02000000"
                                                + "01000600ffffffff" // the owner reads and writes
                                                + "02000600d2040000" // so does user 1234
                                                + "04000400ffffffff" // the group reads
                                                + "10000600ffffffff"
                                                + "20000000ffffffff"));
        int data = engine.open(path, OpenFlags.O_RDWR);
        int guard = engine.open(sidecar, OpenFlags.O_RDWR);
        MemorySegment found = arena.allocate(64);
        Requirements.orSkip(
                engine.setAttribute(data, name, list) == 0, "the file system has no such lists");
        DirectFile.open(path, guarded()).close();
        assertEquals(list.byteSize(), engine.attribute(guard, name, found));
        assertEquals(-1, list.mismatch(found.asSlice(0, list.byteSize())));
        engine.setAttribute(data, name, MemorySegment.NULL);
        DirectFile.open(path, guarded()).close();
        assertEquals(-Errno.ENODATA, engine.attribute(guard, name, found));
        assertEquals(permissions(path), permissions(sidecar));
        engine.close(data);
        engine.close(guard);
    }
}
