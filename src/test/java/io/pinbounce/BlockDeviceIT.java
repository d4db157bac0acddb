package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Raw devices, whose size is fixed, and a file system that is full. */
class BlockDeviceIT extends IoTest {

    @BeforeEach
    void needsLoopDevices() {
        Requirements.loop();
    }

    @Test
    void aDeviceTakesAnyPositionUpToItsEnd() throws IOException {
        for (String sector : new String[] {"512", "4096"}) {
            try (LoopTarget target = LoopTarget.open("--size", "64M", "--sector-size", sector)) {
                for (Protection protection :
                        new Protection[] {Protection.none(), Protection.t10(4096).memory()}) {
                    useDevice(target.path(), protection);
                }
            }
        }
    }

    private void useDevice(Path path, Protection protection) throws IOException {
        DirectOptions options = DirectOptions.readWrite().protection(protection);
        try (DirectFile file = DirectFile.open(path, options);
                PinnedArena arena = PinnedArena.ofShared()) {
            long size = 64L << 20;
            assertEquals(size, file.size());
            byte[] data = bytes(1, 10_000);
            file.write(MemorySegment.ofArray(data), size - 10_000);
            assertArrayEquals(data, read(file, size - 10_000, 20_000));
            file.write(MemorySegment.ofArray(data), 777);
            assertArrayEquals(data, read(file, 777, 10_000));
            MemorySegment memory = arena.allocate(8192);
            assertEquals(4096, file.read(memory, size - 4096));
            assertEquals(0, file.read(memory, size));
            DirectIoException e =
                    assertThrows(DirectIoException.class, () -> file.write(memory, size - 4096));
            assertEquals(Errno.ENOSPC, e.errno());
            assertEquals(0, e.bytesDone());
            assertArrayEquals(
                    Arrays.copyOfRange(data, 5904, 10_000), read(file, size - 4096, 4096));
            assertThrows(IllegalArgumentException.class, () -> file.truncate(0));
            assertThrows(IllegalArgumentException.class, () -> file.allocate(0, 1));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> DirectFile.open(path, DirectOptions.readWrite().truncate()));
    }

    /** The last interval is longer than what the device has left. */
    @Test
    void theLastIntervalMayBePartial() throws IOException {
        long size = (64L << 20) + 4096;
        try (LoopTarget target = LoopTarget.open("--size", Long.toString(size))) {
            DirectOptions options =
                    DirectOptions.readWrite().protection(Protection.t10(65536).memory());
            try (DirectFile file = DirectFile.open(target.path(), options)) {
                assertEquals(size, file.size());
                byte[] data = bytes(2, 1000);
                file.write(MemorySegment.ofArray(data), size - 1000);
                assertArrayEquals(data, read(file, size - 1000, 5000));
                file.write(MemorySegment.ofArray(data), size - 1000);
            }
        }
    }

    @Test
    void autoBouncesWhereTheDeviceNeedsStablePages() throws IOException {
        try (LoopTarget target = LoopTarget.open("--size", "64M", "--stable-writes", "1");
                DirectFile file = DirectFile.open(target.path(), DirectOptions.readWrite());
                PinnedArena arena = PinnedArena.ofShared()) {
            assertTrue(file.geometry().stablePages().needed());
            assertEquals(Transfer.BOUNCE, file.geometry().recommendedTransfer());
            file.write(arena.allocate(8192), 0);
            file.read(arena.allocate(8192), 0);
            assertEquals(1, file.counts().bouncedWrites());
            assertEquals(0, file.counts().pinnedWrites());
            assertEquals(1, file.counts().pinnedReads());
        }
        try (LoopTarget target = LoopTarget.open("--size", "64M");
                DirectFile file = DirectFile.open(target.path(), DirectOptions.readWrite());
                PinnedArena arena = PinnedArena.ofShared()) {
            file.write(arena.allocate(8192), 0);
            assertEquals(1, file.counts().pinnedWrites());
        }
    }

    /** The device with the file on it says that it needs stable pages; those above say nothing. */
    @Test
    void autoBouncesOnALoopDeviceOverOneOverAFileWhereTheLowestNeedsStablePages()
            throws IOException {
        for (String needs : List.of("1", "0")) {
            for (String direct : List.of("on", "off")) {
                try (LoopTarget disk =
                        LoopTarget.open(
                                "--size", "64M", "--stable-writes", needs, "--fs", "ext4")) {
                    Path file = disk.path();
                    Files.write(file, new byte[4 << 20]);
                    overLoops(file, direct, needs.equals("1") && direct.equals("on"));
                }
            }
        }
    }

    private static void overLoops(Path file, String direct, boolean needed) throws IOException {
        String middle = losetup("--show", "-f", "--direct-io=" + direct, "" + file);
        try {
            String top = losetup("--show", "-f", "--direct-io=on", middle);
            try (DirectFile device = DirectFile.open(Path.of(top), DirectOptions.readWrite());
                    PinnedArena arena = PinnedArena.ofShared()) {
                StablePages pages = device.geometry().stablePages();
                assertEquals(needed, pages.needed(), pages::toString);
                assertTrue(pages.layers().toString().contains("backing_file=" + file + ","));
                device.write(arena.allocate(8192), 0);
                assertEquals(needed ? 1 : 0, device.counts().bouncedWrites());
                assertEquals(needed ? 0 : 1, device.counts().pinnedWrites());
            } finally {
                losetup("-d", top);
            }
        } finally {
            losetup("-d", middle);
        }
    }

    private static String losetup(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "losetup";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Command run = Command.run(command);
        assertEquals(0, run.status(), run.err());
        return run.out().strip();
    }

    @Test
    void aFullFileSystemLosesNothing() throws IOException {
        for (Transfer transfer : Transfer.values()) {
            try (LoopTarget target = LoopTarget.open("--size", "64M", "--fs", "ext4");
                    PinnedArena arena = PinnedArena.ofShared()) {
                DirectOptions options =
                        DirectOptions.readWrite()
                                .create()
                                .transfer(transfer)
                                .protection(Protection.t10(4096).memory());
                try (DirectFile file = DirectFile.open(target.path(), options)) {
                    MemorySegment memory = arena.allocate(1 << 20);
                    memory.fill((byte) 0x5a);
                    long written = fill(file, memory);
                    assertEquals(written, file.size());
                    assertTrue(written > 16 << 20, "written=" + written);
                    for (long at = 0; at < written; at += memory.byteSize()) {
                        memory.fill((byte) 0);
                        long count = file.read(memory, at);
                        assertEquals(Math.min(written - at, memory.byteSize()), count);
                        assertEquals(0x5a, memory.get(ValueLayout.JAVA_BYTE, count - 1));
                    }
                    file.truncate(4096);
                    file.write(memory, 4096); // there is room again
                }
            }
        }
    }

    private static long fill(DirectFile file, MemorySegment memory) throws IOException {
        for (long position = 0; ; position += memory.byteSize()) {
            try {
                file.write(memory, position);
            } catch (DirectIoException e) {
                assertEquals(Errno.ENOSPC, e.errno());
                assertEquals(position, e.position());
                return position + e.bytesDone();
            }
        }
    }
}
