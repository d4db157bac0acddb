package io.pinbounce.tool.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoStatus;
import io.pinbounce.Host;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tool as users run it, on targets of every kind. */
@Timeout(300)
final class TortureIT {

    /** Of a run, in seconds; a control that has not torn by then goes on. */
    private static final String SECONDS =
            String.valueOf(Share.of("pinbounce.torture.seconds", 1, 5));

    @Test
    void bouncingHoldsOnARawDevice() {
        Requirements.loop();
        try (LoopTarget target = LoopTarget.open("--size", "128M", "--sector-size", "4096")) {
            Command refused = tool(target.path());
            assertEquals(2, refused.status(), refused.toString());
            assertTrue(refused.err().contains("--destroy-data"), refused.toString());
            assertPass(tool(target.path(), "--seconds", SECONDS, "--destroy-data"), "DIRECT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "syscall"})
    void bouncingHoldsInFlightOnARawDevice(String engine) {
        Requirements.loop();
        Host host = Host.probe();
        if (engine.equals("uring")) {
            Requirements.uring(host.ioUring(), host.ioUringReason());
        }
        try (LoopTarget target = LoopTarget.open("--size", "128M", "--sector-size", "4096")) {
            Command run =
                    tool(
                            target.path(),
                            "--seconds",
                            SECONDS,
                            "--destroy-data",
                            "--engine",
                            engine,
                            "--depth",
                            "16");
            assertPass(run, "DIRECT");
            String name = engine.equals("uring") ? "io_uring" : "threads";
            assertTrue(run.out().contains("\nengine:      " + name + " for 16 in"), run.toString());
        }
    }

    @Test
    void aSmallDeviceIsUsedAsFarAsItGoes() {
        Requirements.loop();
        try (LoopTarget target = LoopTarget.open("--size", "1M")) {
            Command refused = tool(target.path(), "--destroy-data");
            assertSentence(refused, "too small");
            assertPass(
                    tool(target.path(), "--seconds", SECONDS, "--destroy-data", "--size", "4k,64k"),
                    "DIRECT");
        }
    }

    @Test
    void aReadOnlyDeviceIsRefusedInOneSentence() {
        Requirements.loop();
        Requirements.tool("blockdev");
        try (LoopTarget target = LoopTarget.open("--size", "128M")) {
            Command.run("blockdev", "--setro", target.path().toString());
            try {
                assertSentence(tool(target.path(), "--destroy-data"), "may not");
            } finally {
                // It would outlive this loop device, and meet the next one of the same number.
                Command.run("blockdev", "--setrw", target.path().toString());
            }
        }
    }

    @Test
    void aMountedDeviceIsRefused() throws IOException {
        Requirements.loop();
        try (LoopTarget target = LoopTarget.open("--size", "128M", "--fs", "ext4")) {
            String device = Files.getFileStore(target.path().getParent()).name();
            assertSentence(tool(Path.of(device), "--destroy-data"), "mounted");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs"})
    void bouncingHoldsOnEachFileSystem(String type) throws IOException {
        Requirements.loop();
        Requirements.tool("mkfs." + type);
        try (LoopTarget target =
                LoopTarget.open("--size", "512M", "--sector-size", "4096", "--fs", type)) {
            Path other = Files.createFile(target.path().resolveSibling("other"));
            DirectIoStatus directIo = DirectFile.probe(other).directIo(); // kernels of btrfs differ
            assertTrue(type.equals("btrfs") || directIo == DirectIoStatus.DIRECT, type);
            assertPass(tool(target.path(), "--seconds", SECONDS), directIo.name());
            assertFalse(Files.exists(target.path()));
        }
    }

    @Test
    void aFullFileSystemIsReportedInOneSentence() {
        Requirements.loop();
        Requirements.tool("mkfs.ext4");
        try (LoopTarget target = LoopTarget.open("--size", "48M", "--fs", "ext4")) {
            assertSentence(tool(target.path()), "no room");
            assertFalse(Files.exists(target.path()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty"})
    void anInterruptPutsEverythingBack(String kind, @TempDir Path folder) throws IOException {
        Path path = folder.resolve(kind);
        if (kind.equals("empty")) {
            Files.createFile(path);
        }
        ProcessBuilder builder = new ProcessBuilder(command(path, "--seconds", "100"));
        // SIGINT not ignored, as a terminal would start it.
        builder.command().addAll(0, List.of("env", "--default-signal=INT"));
        Command stopped =
                Command.run(
                        builder,
                        process -> {
                            awaitData(path);
                            Command.signal("INT", process.pid());
                        });
        assertEquals(130, stopped.status(), stopped.toString());
        assertEquals("", stopped.err());
        assertEquals(kind.equals("empty"), Files.exists(path));
        if (kind.equals("empty")) {
            assertEquals(0, Files.size(path));
        }
    }

    private static void awaitData(Path path) {
        try {
            while (!Files.exists(path) || Files.size(path) < 8 << 20) {
                Thread.sleep(10);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertPass(Command run, String directIo) {
        assertEquals(0, run.status(), run.toString());
        assertTrue(run.out().contains("\ndirect I/O:  " + directIo + ", because "), run.toString());
        assertTrue(run.out().contains("\nPASS: "), run.toString());
        assertEquals("", run.err());
    }

    private static void assertSentence(Command run, String part) {
        assertEquals(2, run.status(), run.toString());
        assertEquals(1, run.err().lines().count(), run.toString());
        assertTrue(run.err().contains(part), run.toString());
    }

    private static Command tool(Path target, String... options) {
        return Command.run(command(target, options).toArray(String[]::new));
    }

    /** The jar of the tool, which the build makes beside that of the library. */
    private static List<String> command(Path target, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(System.getProperty("pinbounce.jar").replaceAll("\\.jar$", "-cli.jar"));
        command.add("torture");
        command.add(target.toString());
        command.addAll(List.of(options));
        return command;
    }
}
