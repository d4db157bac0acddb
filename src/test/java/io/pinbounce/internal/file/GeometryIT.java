package io.pinbounce.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoStatus;
import io.pinbounce.DirectOptions;
import io.pinbounce.Geometry;
import io.pinbounce.StablePages;
import io.pinbounce.Transfer;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a geometry says is held against what the kernel then accepts. */
class GeometryIT {

    private static final int PAGE = LibC.system().pageSize();

    @ParameterizedTest
    @CsvSource({"ext4, 512", "ext4, 4096", "xfs, 512", "xfs, 4096"})
    void aFileOnALoopDeviceAlignsToItsSectors(String fileSystem, int sector) throws IOException {
        Requirements.loop();
        Requirements.tool("mkfs." + fileSystem);
        try (LoopTarget target = loop(sector, "--fs", fileSystem)) {
            Geometry geometry = probeNewFile(target.path());
            assertEquals(fileSystem, geometry.fileSystem());
            assertTrue(geometry.device().startsWith("loop"), geometry::toString);
            assertEquals(sector, geometry.writeAlignment(), geometry::toString);
            assertEquals(sector, geometry.logicalBlock(), geometry::toString);
            assertEquals(DirectIoStatus.DIRECT, geometry.directIo());
            assertFalse(geometry.stablePages().needed(), geometry::toString);
            assertKernelAgrees(target.path(), geometry);
        }
    }

    @ParameterizedTest
    @CsvSource({"512", "4096"})
    void btrfsWritesPastTheCacheIfATrialDoesOrTheFileHasNoChecksums(int sector) throws IOException {
        Requirements.loop();
        Requirements.tool("mkfs.btrfs");
        Requirements.tool("chattr");
        try (LoopTarget target = loop(sector, "--fs", "btrfs")) {
            Geometry geometry = probeNewFile(target.path());
            assertEquals("btrfs", geometry.fileSystem());
            assertTrue(geometry.device().startsWith("loop"), geometry::toString);
            assertEquals(4096, geometry.writeAlignment(), geometry::toString);
            assertEquals(4096, geometry.memoryAlignment(), geometry::toString);
            assertEquals(sector, geometry.logicalBlock(), geometry::toString);
            boolean copies = geometry.directIo() == DirectIoStatus.BUFFERED_WRITES;
            assertTrue(
                    geometry.directIoReason().contains(copies ? "was copied" : "past the cache"),
                    geometry::directIoReason);
            DirectOptions required = DirectOptions.readWrite();
            if (copies) {
                assertThrows(IOException.class, () -> DirectFile.open(target.path(), required));
            } else {
                DirectFile.open(target.path(), required).close();
            }
            assertTrue(geometry.stablePages().needed(), geometry::toString);

            Path unsummed = Files.createFile(target.path().resolveSibling("unsummed"));
            assertEquals(0, Command.run("chattr", "+C", unsummed.toString()).status());
            Geometry plain = DirectFile.probe(unsummed);
            assertEquals(DirectIoStatus.DIRECT, plain.directIo());
            assertFalse(plain.stablePages().needed(), plain::toString);
            assertUncached(unsummed, plain);
        }
    }

    @ParameterizedTest
    @CsvSource({"512", "4096"})
    void aLoopDeviceAlignsToItsSectors(int sector) throws IOException {
        Requirements.loop();
        try (LoopTarget target = loop(sector)) {
            assertDevice(target.path(), sector);
        }
    }

    @ParameterizedTest
    @CsvSource({"512", "4096"})
    void aPartitionAlignsToTheSectorsOfItsDevice(int sector) throws IOException {
        Requirements.loop();
        Requirements.tool("sfdisk");
        Requirements.tool("partx");
        try (LoopTarget target = loop(sector, "--partition")) {
            assertDevice(target.path(), sector);
        }
    }

    @Test
    void aDeviceThatNeedsStablePagesIsBouncedTo() throws IOException {
        Requirements.loop();
        Requirements.tool("mkfs.ext4");
        try (LoopTarget target = loop(512, "--stable-writes", "1", "--fs", "ext4")) {
            StablePages pages = probeNewFile(target.path()).stablePages();
            assertTrue(pages.needed(), pages.reason());
            assertTrue(pages.reason().contains("stable_writes"), pages.reason());
            assertEquals(Transfer.BOUNCE, DirectFile.probe(target.path()).recommendedTransfer());
        }
    }

    @Test
    void zramNeedsStablePagesAndTakesAnyAddress() throws IOException {
        Requirements.root();
        Path control = Path.of("/sys/class/zram-control");
        Requirements.orSkip(
                Files.exists(control), "this kernel has no zram, or its module is not loaded");
        String number = Files.readString(control.resolve("hot_add")).strip();
        try {
            Files.writeString(Path.of("/sys/block/zram" + number + "/disksize"), "16M");
            Path device = Path.of("/dev/zram" + number);
            Geometry geometry = DirectFile.probe(device);
            assertEquals("zram" + number, geometry.device());
            assertEquals(PAGE, geometry.logicalBlock());
            assertTrue(geometry.stablePages().needed(), geometry::toString);
            assertOffsetsChecked(device, geometry); // zram copies from any address
            assertUncached(device, geometry);
        } finally {
            Files.writeString(control.resolve("hot_remove"), number);
        }
    }

    @Test
    void anOverlayHasTheGeometryOfItsUpperFolder(@TempDir Path folder) throws IOException {
        Requirements.root();
        for (String name : new String[] {"lower", "upper", "work", "merged"}) {
            Files.createDirectory(folder.resolve(name));
        }
        String merged = folder.resolve("merged").toString();
        String options =
                "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(folder);
        Command mount = Command.run("mount", "-t", "overlay", "-o", options, "overlay", merged);
        assertEquals(0, mount.status(), mount::toString);
        try {
            Path file = folder.resolve("merged/data");
            Geometry geometry = probeNewFile(file);
            assertEquals("overlay", geometry.fileSystem());
            assertEquals("", geometry.device());
            Geometry beneath = DirectFile.probe(folder.resolve("upper/data"));
            assertEquals(beneath.memoryAlignment(), geometry.memoryAlignment());
            assertEquals(beneath.writeAlignment(), geometry.writeAlignment());
            if (geometry.directIo() == DirectIoStatus.DIRECT) {
                assertKernelAgrees(file, geometry);
            }
        } finally {
            Command unmount = Command.run("umount", merged);
            assertEquals(0, unmount.status(), unmount::toString);
        }
    }

    @Test
    void tmpfsIsBuffered() throws IOException {
        Path file = Files.createTempFile(Path.of("/dev/shm"), "pinbounce-geometry", ".data");
        try {
            Geometry geometry = DirectFile.probe(file);
            assertEquals("tmpfs", geometry.fileSystem());
            assertEquals(PAGE, geometry.memoryAlignment());
            assertEquals(PAGE, geometry.writeAlignment());
            assertEquals(DirectIoStatus.BUFFERED, geometry.directIo());
            assertFalse(geometry.stablePages().needed(), geometry::toString);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aFileSystemThatRefusesDirectIoIsBuffered() throws IOException {
        Geometry geometry = DirectFile.probe(Path.of("/proc/self/status"));
        assertEquals("proc", geometry.fileSystem());
        assertEquals(DirectIoStatus.BUFFERED, geometry.directIo());
        assertTrue(geometry.directIoReason().contains("O_DIRECT"), geometry.directIoReason());
        assertEquals(Transfer.PIN, geometry.recommendedTransfer());
    }

    @Test
    void whatIsNeitherFileNorDeviceIsRefused(@TempDir Path folder) {
        String fifo = folder.resolve("fifo").toString();
        assertEquals(0, Command.run("mkfifo", fifo).status());
        assertRefused(Path.of(fifo), "FIFO");
        assertRefused(folder, "directory");
        assertRefused(Path.of("/dev/null"), "character device");
        assertRefused(folder.resolve("missing"), "ENOENT");
    }

    private static void assertRefused(Path path, String why) {
        IOException refused = assertThrows(IOException.class, () -> DirectFile.probe(path));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(why), message);
        assertTrue(message.contains("path=" + path), message);
    }

    private static LoopTarget loop(int sector, String... options) {
        String[] all = new String[options.length + 4];
        all[0] = "--size";
        all[1] = "512M";
        all[2] = "--sector-size";
        all[3] = String.valueOf(sector);
        System.arraycopy(options, 0, all, 4, options.length);
        return LoopTarget.open(all);
    }

    private static Geometry probeNewFile(Path path) throws IOException {
        return DirectFile.probe(Files.createFile(path));
    }

    private static void assertDevice(Path device, int sector) throws IOException {
        Geometry geometry = DirectFile.probe(device);
        assertEquals(device.getFileName().toString(), geometry.device());
        assertEquals("block device", geometry.fileSystem());
        assertEquals(sector, geometry.logicalBlock());
        assertEquals("ioctl BLKSSZGET", geometry.sources().get("logicalBlock"));
        assertEquals(DirectIoStatus.DIRECT, geometry.directIo());
        assertKernelAgrees(device, geometry);
    }

    /** Aligned writes pass and stay out of the page cache; half an alignment is refused. */
    private static void assertKernelAgrees(Path path, Geometry geometry) {
        assertOffsetsChecked(path, geometry);
        // Linux 6.18 looks at the memory's alignment only when it may have to split the request:
        // one
        // segment within a page passes whatever its address.
        int pages = 2 * Math.max(PAGE, geometry.writeAlignment());
        long written = write(path, geometry.memoryAlignment() / 2, 0, pages);
        assertEquals(-Errno.EINVAL, written, geometry::toString);
        assertUncached(path, geometry);
    }

    private static void assertOffsetsChecked(Path path, Geometry geometry) {
        int memory = geometry.memoryAlignment();
        int unit = geometry.writeAlignment();
        assertEquals(unit, write(path, memory, unit, unit), geometry::toString);
        assertEquals(-Errno.EINVAL, write(path, memory, unit / 2, unit), geometry::toString);
        assertEquals(-Errno.EINVAL, write(path, memory, unit, unit / 2), geometry::toString);
    }

    private static void assertUncached(Path path, Geometry geometry) {
        int fd = open(path);
        try {
            int length = 16 * geometry.writeAlignment();
            assertEquals(length, write(path, geometry.memoryAlignment(), 0, length));
            assertEquals(0, LibC.system().cachedPages(fd, 0, length));
        } finally {
            LibC.system().close(fd);
        }
    }

    /** One direct write from memory that is aligned to {@code memory} bytes and no better. */
    private static long write(Path path, int memory, long position, long length) {
        int fd = open(path);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment area = arena.allocate(length + 4L * PAGE, 2L * PAGE);
            return LibC.system().pwrite(fd, area.asSlice(memory, length), position);
        } finally {
            LibC.system().close(fd);
        }
    }

    private static int open(Path path) {
        int fd = LibC.system().open(path.toString(), OpenFlags.O_RDWR | OpenFlags.O_DIRECT, 0);
        assertTrue(fd >= 0, () -> Errno.describe(-fd) + ", path=" + path);
        return fd;
    }
}
