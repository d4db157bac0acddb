package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Command;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A sidecar of a loop device is that of the file behind it, whatever the device's number. */
final class LoopIdentityIT {

    private static final int SIZE = 8 << 20;

    private final List<String> attached = new ArrayList<>();

    private final Set<String> partitioned = new HashSet<>();

    @TempDir private Path folder = Path.of("");

    private Path sidecar = folder;

    @BeforeEach
    void needsLoopDevices() {
        Requirements.loop();
        sidecar = folder.resolve("device.pi");
    }

    @AfterEach
    void detachAll() {
        List.copyOf(attached).forEach(this::detach);
    }

    private Path backing(String name) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(SIZE);
        }
        return file;
    }

    /** Attaches a file, and returns the device. */
    private String attach(Object... options) {
        List<String> command = new ArrayList<>(List.of("losetup"));
        for (Object option : options) {
            command.add(option.toString());
        }
        Command losetup = Command.run(command.toArray(String[]::new));
        assertEquals(0, losetup.status(), losetup::toString);
        String device = losetup.out().isBlank() ? command.get(1) : losetup.out().strip();
        attached.add(device);
        return device;
    }

    private String attachPartitions(Object... options) {
        String device = attach(options);
        Command partx = Command.run("partx", "--update", device);
        assertEquals(0, partx.status(), partx::toString);
        partitioned.add(device);
        return device;
    }

    private void detach(String device) {
        if (partitioned.remove(device)) {
            Command partx = Command.run("partx", "--delete", device);
            assertEquals(0, partx.status(), partx::toString);
        }
        Command losetup = Command.run("losetup", "-d", device);
        assertEquals(0, losetup.status(), losetup::toString);
        attached.remove(device);
    }

    private void assertAccepted(String device) {
        Cli.run("verify", device, "--sidecar", sidecar).requireStatus(ExitStatus.OK);
    }

    private void assertRefused(String device) {
        Cli refused = Cli.run("verify", device, "--sidecar", sidecar);
        refused.requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("--adopt"), refused::toString);
    }

    @Test
    void theFileMayBeAttachedToAnotherDevice() throws IOException {
        Path file = backing("file");
        String first = attach("-f", "--show", file);
        Cli.run("seal", first, "--sidecar", sidecar).requireStatus(ExitStatus.OK);
        assertAccepted(first);
        detach(first);
        attach(first, backing("other"));
        assertRefused(first);
        String second = attach("-f", "--show", file);
        assertNotEquals(first, second);
        assertAccepted(second);
    }

    @Test
    void anotherPartOfTheFileIsOtherData() throws IOException {
        Path file = backing("file");
        String whole = attach("-f", "--show", file);
        Cli.run("seal", whole, "--sidecar", sidecar).requireStatus(ExitStatus.OK);
        detach(whole);
        assertRefused(attach("-f", "--show", "--sizelimit", SIZE / 2, file));
        assertRefused(attach("-f", "--show", "--offset", SIZE / 2, file));
    }

    @Test
    void aFileThatTookThePlaceOfTheFirstIsOtherData() throws IOException {
        Path file = backing("file");
        String device = attach("-f", "--show", file);
        Cli.run("seal", device, "--sidecar", sidecar).requireStatus(ExitStatus.OK);
        detach(device);
        Files.delete(file);
        assertRefused(attach("-f", "--show", backing("file")));
    }

    @Test
    void aPartitionIsKnownByItsNumberInTheFile() throws IOException {
        Requirements.tool("sfdisk");
        Requirements.tool("partx");
        Path file = backing("file");
        Command sfdisk =
                Command.run("sh", "-c", "printf ',2M\\n,2M\\n' | sfdisk -q " + file + " 2>&1");
        assertEquals(0, sfdisk.status(), sfdisk::toString);
        String first = attachPartitions("-f", "--show", file);
        Cli.run("seal", first + "p1", "--sidecar", sidecar).requireStatus(ExitStatus.OK);
        assertRefused(first + "p2");
        detach(first);
        attach("-f", "--show", backing("other"));
        String second = attachPartitions("-f", "--show", file);
        assertNotEquals(first, second);
        assertAccepted(second + "p1");
        assertRefused(second + "p2");
    }

    @Test
    void aLoopDeviceBehindALoopDeviceIsKnownByItsFile() throws IOException {
        Path file = backing("file");
        String lower = attach("-f", "--show", file);
        String upper = attach("-f", "--show", lower);
        Cli.run("seal", upper, "--sidecar", sidecar).requireStatus(ExitStatus.OK);
        detach(upper);
        detach(lower);
        attach(lower, backing("other"));
        String moved = attach("-f", "--show", file);
        assertAccepted(attach("-f", "--show", moved));
        assertRefused(moved);
    }

    /** Without its name the file is known by its inode. */
    @Test
    void theFileMayHaveLostItsName() throws IOException {
        Path file = backing("file");
        String device = attach("-f", "--show", file);
        Files.delete(file);
        Cli.run("seal", device, "--sidecar", sidecar).requireStatus(ExitStatus.OK);
        assertAccepted(device);
    }
}
