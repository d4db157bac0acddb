package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.testing.OwnDescriptors;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What only a real kernel does: special files, memory without access, mappings that vanish. */
class RealFileTest {

    @TempDir(factory = InTarget.class)
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private OwnDescriptors descriptors;

    /** Where direct I/O is more likely to be real than in the system's temporary folder. */
    static final class InTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            return Files.createTempDirectory(Path.of("target"), "real");
        }
    }

    @BeforeEach
    void watchDescriptors() throws IOException {
        descriptors = OwnDescriptors.watch(folder, Path.of("/dev/zero"), Path.of("/dev/shm"));
        DirectFile.open(folder.resolve("first"), options().create()).close();
    }

    @AfterEach
    void nothingLeaks() {
        assertEquals(Set.of(), descriptors.left());
        assertEquals(0, BouncePool.shared().inUse());
    }

    private static DirectOptions options() {
        return DirectOptions.readWrite().directIo(DirectIo.PREFERRED);
    }

    private void refused(Path path, String why) {
        for (DirectOptions options :
                new DirectOptions[] {
                    options(), options().create(), DirectOptions.readOnly(),
                }) {
            DirectIoException e =
                    assertThrows(DirectIoException.class, () -> DirectFile.open(path, options));
            String message = String.valueOf(e.getMessage());
            assertTrue(message.contains(why), message);
            assertTrue(message.contains("path=" + path), message);
        }
    }

    @Test
    void onlyFilesAndBlockDevicesAreOpened() throws Exception {
        refused(folder, "directory");
        refused(Path.of("/dev/zero"), "character device");
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        refused(fifo, "FIFO");
    }

    /** Sent to the kernel as text, the name would come out as that of another file. */
    @Test
    void aNameThatTextCannotHoldIsRefused() throws IOException {
        Path path = Path.of(URI.create(folder.toUri() + "a%E9b")); // no UTF-8
        for (Executable open :
                List.<Executable>of(
                        () -> DirectFile.open(path, options().create()),
                        () -> DirectFile.probe(path))) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, open);
            assertTrue(String.valueOf(e.getMessage()).contains("path=" + path));
        }
        try (Stream<Path> names = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("first")), names.toList());
        }
    }

    @Test
    void openingAMissingFileFailsWithEnoentAndMakesNone() {
        Path path = folder.resolve("missing");
        DirectIoException e =
                assertThrows(DirectIoException.class, () -> DirectFile.open(path, options()));
        assertEquals(Errno.ENOENT, e.errno());
        assertFalse(Files.exists(path));
        Path deep = folder.resolve("missing/too");
        assertEquals(
                Errno.ENOENT,
                assertThrows(
                                DirectIoException.class,
                                () -> DirectFile.open(deep, options().create()))
                        .errno());
    }

    /** A tmpfs takes O_DIRECT and caches all the same: a new file there leaves nothing behind. */
    @Test
    void aFileWhoseOpeningIsRefusedIsRemoved() throws IOException {
        Path shm = Path.of("/dev/shm");
        Requirements.orSkip(
                Files.isWritable(shm) && "tmpfs".equals(Files.getFileStore(shm).type()),
                "no writable tmpfs at /dev/shm");
        Path path = shm.resolve("pinbounce-" + System.nanoTime());
        DirectIoException e =
                assertThrows(
                        DirectIoException.class,
                        () -> DirectFile.open(path, DirectOptions.readWrite().create()));
        assertTrue(String.valueOf(e.getMessage()).contains("PREFERRED"));
        assertFalse(Files.exists(path));
        try (DirectFile file = DirectFile.open(path, options().create())) {
            assertEquals(DirectIoStatus.BUFFERED, file.geometry().directIo());
            file.write(MemorySegment.ofArray(new byte[100]), 7);
            assertEquals(107, file.size());
        } finally {
            Files.delete(path);
        }
    }

    @Test
    void memoryWithoutAccessIsAnErrorUnderPin() throws IOException {
        LibC libc = LibC.system();
        long length = 8192;
        try (Arena arena = Arena.ofShared();
                DirectFile file =
                        DirectFile.open(
                                folder.resolve("pin"), options().create().transfer(Transfer.PIN))) {
            long address = libc.mmap(length, 0, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS);
            MemorySegment memory =
                    libc.adopt(address, length, arena, () -> libc.munmap(address, length));
            DirectIoException e =
                    assertThrows(DirectIoException.class, () -> file.write(memory, 0));
            assertEquals(Errno.EFAULT, e.errno());
            assertEquals(0, file.size());
            file.write(arena.allocate(length, 4096), 0);
            assertEquals(
                    Errno.EFAULT,
                    assertThrows(DirectIoException.class, () -> file.read(memory, 0)).errno());
        }
    }

    @Test
    void aMappingThatVanishesIsAnErrorUnderBounce() throws IOException {
        Path mapped = folder.resolve("mapped");
        Files.write(mapped, new byte[65536]);
        for (Protection protection :
                new Protection[] {Protection.none(), Protection.t10(4096).memory()}) {
            Path target = folder.resolve("target" + protection.hashCode());
            try (Arena arena = Arena.ofShared();
                    FileChannel channel =
                            FileChannel.open(
                                    mapped, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    DirectFile file =
                            DirectFile.open(
                                    target,
                                    options()
                                            .create()
                                            .transfer(Transfer.BOUNCE)
                                            .protection(protection))) {
                channel.write(ByteBuffer.allocate(1), 65535);
                MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 65536, arena);
                file.write(memory, 0);
                channel.truncate(4096);
                DirectIoException e =
                        assertThrows(DirectIoException.class, () -> file.write(memory, 0));
                assertTrue(String.valueOf(e.getMessage()).contains("truncated"));
                assertThrows(DirectIoException.class, () -> file.read(memory, 0));
                assertEquals(65536, file.size());
                file.read(MemorySegment.ofArray(new byte[65536]), 0);
            }
        }
    }

    /** An arena that closes after admission: the kernel never sees the address. */
    @Test
    void anArenaThatClosesUnderACallIsRefused() throws IOException {
        for (Transfer transfer : new Transfer[] {Transfer.PIN, Transfer.BOUNCE}) {
            PinnedArena[] arena = new PinnedArena[1];
            IoEngine engine = new HookedEngine(IoEngine.blocking(), _ -> arena[0].close());
            DirectOptions options = options().create().transfer(transfer);
            Path path = folder.resolve("closing" + transfer);
            try (DirectFile file = DirectFile.open(path, options, engine)) {
                arena[0] = PinnedArena.ofShared();
                MemorySegment memory = arena[0].allocate(4096);
                if (transfer == Transfer.PIN) {
                    assertThrows(IllegalStateException.class, () -> file.write(memory, 0));
                    assertEquals(0, file.size());
                } else {
                    file.write(memory, 0); // already copied
                    arena[0] = PinnedArena.ofShared();
                    MemorySegment back = arena[0].allocate(4096);
                    assertThrows(IllegalStateException.class, () -> file.read(back, 0));
                }
            }
        }
    }

    /**
     * Either closing the arena throws, or the request that uses it does; the JVM does not crash.
     */
    @Test
    void closingAnArenaInUseFailsOrItsRequestDoes() throws Exception {
        DirectOptions options = options().create().transfer(Transfer.PIN);
        try (DirectFile file = DirectFile.open(folder.resolve("race"), options)) {
            file.write(PinnedArena.ofShared().allocate(65536), 0);
            int refused = 0;
            for (int round = 0; round < 60; round++) {
                PinnedArena arena = PinnedArena.ofShared();
                List<MemorySegment> memory = List.of(arena.allocate(4096), arena.allocate(4096));
                CountDownLatch start = new CountDownLatch(1);
                Thread closer =
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            start.countDown();
                                            closeWhenPossible(arena);
                                        });
                start.await();
                try {
                    while (true) {
                        file.read(memory, 0);
                    }
                } catch (IllegalStateException e) {
                    refused++;
                }
                closer.join();
            }
            assertEquals(60, refused);
        }
    }

    private static void closeWhenPossible(PinnedArena arena) {
        while (true) {
            try {
                arena.close();
                return;
            } catch (IllegalStateException inUse) {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    @Test
    void aLinkToAMissingFileMakesTheFile() throws IOException {
        Path link = folder.resolve("link");
        Path file = folder.resolve("linked");
        Files.createSymbolicLink(link, file.getFileName());
        assertThrows(DirectIoException.class, () -> DirectFile.open(link, options()));
        DirectFile.open(link, options().create()).close();
        assertTrue(Files.exists(file));
    }

    @Test
    void whatIsWrittenIsReadWithoutDirectIo() throws IOException {
        Path path = folder.resolve("others");
        byte[] data = new byte[600];
        new Random(1).nextBytes(data);
        try (DirectFile file = DirectFile.open(path, options().create())) {
            file.write(MemorySegment.ofArray(data), 0);
            file.force();
        }
        assertArrayEquals(data, Files.readAllBytes(path));
    }
}
