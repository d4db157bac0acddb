package io.pinbounce.ci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Command;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Each test works below a folder of its own, so other processes may use loop devices meanwhile. */
final class LoopScriptIT {

    private static final String LOOP = Command.ofProject("ci/loop");

    /** What a command does to say that it runs. */
    private static final String READY = ": >\"$TMPDIR/ready\"; ";

    private Path folder;

    @BeforeAll
    static void requireLoopDevices() {
        Requirements.loop();
    }

    @BeforeEach
    void makeFolder(@TempDir Path temporary) throws IOException {
        folder = Files.createDirectory(temporary.resolve("a blank")); // people have such folders
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(List.of(), traces());
    }

    @Test
    void canaryTracesAreSeenWhileATargetIsThere() {
        Command.run(
                script(onFileSystem(READY + "sleep 60")),
                process -> {
                    awaitReady();
                    assertEquals(3, traces().size(), traces().toString());
                    process.destroy();
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 77})
    void theCommandsStatusPassesThrough(int status) {
        assertEquals(status, loop("--size", "16M", "--", "sh", "-c", "exit " + status).status());
    }

    @Test
    void aKilledCommandIsTakenDownToo() {
        assertEquals(137, loop("--size", "16M", "--", "sh", "-c", "kill -9 $$").status());
    }

    @Test
    void aCommandThatDoesNotExistIsTakenDownToo() {
        assertEquals(127, loop("--size", "16M", "--", "/no/such/command").status());
    }

    @Test
    void aFileSystemThatDoesNotFitIsTakenDownToo() {
        Command tooSmall = loop("--size", "16M", "--fs", "xfs", "--", "true");
        assertEquals(2, tooSmall.status());
        assertTrue(tooSmall.err().contains("xfs needs 300M"), tooSmall.toString());
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129"})
    void aSignalStopsTheCommandAndAllThatItStarted(String signal, int status) {
        ProcessBuilder builder = script(onFileSystem(READY + "sleep 60; echo never"));
        // Not ignored, as it is for what nohup has started.
        builder.command().addAll(0, List.of("env", "--default-signal=" + signal));
        Command stopped =
                Command.run(
                        builder,
                        process -> {
                            awaitReady();
                            Command.signal(signal, process.pid());
                        });
        assertEquals(status, stopped.status(), stopped.toString());
        assertEquals("", stopped.out());
    }

    @Test
    void anInterruptOfTheGroupReachesTheCommandOnce() {
        ProcessBuilder builder =
                script(
                        onFileSystem(
                                "trap 'echo interrupted' INT; "
                                        + READY
                                        + "sleep 60; sleep 1; echo done"));
        // A group of its own, and SIGINT not ignored, as a terminal would start it.
        builder.command().addAll(0, List.of("setsid", "env", "--default-signal=INT"));
        Command stopped =
                Command.run(
                        builder,
                        process -> {
                            awaitReady();
                            Command.signal("INT", -process.pid());
                        });
        assertEquals(130, stopped.status(), stopped.toString());
        assertEquals("interrupted\ndone\n", stopped.out());
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 60, 100, 200, 400})
    void aSignalInTheMiddleOfTheSetUpLeavesNothing(int milliseconds) {
        ProcessBuilder builder = script("--size", "320M", "--fs", "xfs", "--", "sleep", "60");
        Command stopped =
                Command.run(
                        builder,
                        process -> {
                            pause(milliseconds);
                            process.destroy();
                        });
        assertEquals(143, stopped.status(), stopped.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--",
                "true",
                "--no-such-option -- true",
                "--size",
                "--size 0 -- true",
                "--size many -- true",
                "--size 1000 -- true",
                "--sector-size 1024 -- true",
                "--stable-writes 2 -- true",
                "--fs vfat -- true"
            })
    void badUsageExitsWithStatusTwo(String arguments) {
        Command usage = loop(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertEquals(2, usage.status());
        assertTrue(usage.err().contains("Usage: ci/loop"), usage.toString());
        assertEquals("", usage.out());
    }

    @Test
    void helpExitsWithStatusZero() {
        Command help = loop("--help");
        assertEquals(0, help.status());
        assertTrue(help.out().contains("--sector-size"), help.toString());
    }

    @Test
    void aMissingToolIsNamedWithItsPackage() throws IOException {
        List<String> present = List.of("bash", "env", "losetup", "mount", "umount", "truncate");
        Path tools = ToolFolder.create(folder.resolve("tools"), present);
        ProcessBuilder builder = script("--fs", "xfs", "--", "true");
        builder.environment().put("PATH", tools.toString());
        Command missing = Command.run(builder, process -> {});
        assertEquals(2, missing.status(), missing.toString());
        assertTrue(missing.err().contains("mkfs.xfs (package xfsprogs)"), missing.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "512, 0, ''",
        "512, 1, ' --memory'",
        "4096, 0, ' --memory'",
        "4096, 1, ' --partition'"
    })
    void theDevicesQueueHasTheLimitsAskedFor(int sectorSize, int stableWrites, String more) {
        if (more.contains("--partition")) {
            Requirements.tool("sfdisk");
        }
        String body =
                """
                device=$(readlink -f /sys/class/block/"${1##*/}")
                [ -e "$device/partition" ] && device=${device%/*}
                cd "$device/queue" && cat logical_block_size stable_writes
                """;
        String options =
                "--size 64M --sector-size %d --stable-writes %d%s"
                        .formatted(sectorSize, stableWrites, more);
        List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
        arguments.addAll(List.of("--", "sh", "-c", body, "sh", "{}"));
        Command seen = loop(arguments.toArray(String[]::new));
        assertEquals(sectorSize + "\n" + stableWrites + "\n", seen.out(), seen.toString());
    }

    @ParameterizedTest
    @CsvSource({"ext4, 512", "ext4, 4096", "xfs, 512", "xfs, 4096", "btrfs, 512", "btrfs, 4096"})
    void eachFileSystemOffersAFileThatDoesNotExistYet(String type, String sectorSize)
            throws IOException {
        Requirements.tool("mkfs." + type);
        try (LoopTarget target =
                LoopTarget.open("--size", "512M", "--sector-size", sectorSize, "--fs", type)) {
            assertFalse(Files.exists(target.path()));
            Files.writeString(target.path(), "written");
            assertEquals(type, Files.getFileStore(target.path()).type());
        }
    }

    @Test
    void aPartitionTakesThePlaceOfTheDevice() {
        Requirements.tool("sfdisk");
        try (LoopTarget target = LoopTarget.open("--size", "64M", "--partition")) {
            assertTrue(target.path().toString().matches("/dev/loop\\d+p1"), "" + target.path());
            assertTrue(Files.exists(target.path()));
        }
    }

    @Test
    void twoCallsAtOnceGetDevicesOfTheirOwn() {
        try (LoopTarget one = LoopTarget.open("--size", "16M");
                LoopTarget two = LoopTarget.open("--size", "16M")) {
            assertNotEquals(one.path(), two.path());
        }
    }

    /** A command that works inside the file system, which keeps it busy. */
    private static String[] onFileSystem(String body) {
        return new String[] {
            "--size", "64M", "--fs", "ext4", "--", "sh", "-c", "cd \"${1%/*}\"; " + body, "sh", "{}"
        };
    }

    private Command loop(String... arguments) {
        return Command.run(script(arguments), process -> {});
    }

    private ProcessBuilder script(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(LOOP);
        builder.command().addAll(List.of(arguments));
        builder.environment().put("TMPDIR", folder.toString());
        return builder;
    }

    private void awaitReady() {
        Path ready = folder.resolve("ready");
        for (int i = 0; i < 600 && Files.notExists(ready); i++) {
            pause(100);
        }
        assertTrue(Files.exists(ready), "the command did not start within a minute");
    }

    /** What ci/loop has made below this test's folder and not yet taken away. */
    private List<String> traces() {
        try (Stream<Path> files = Files.list(folder)) {
            return Stream.of(
                            files.map(Path::toString)
                                    .filter(file -> file.contains("loop."))
                                    .map(file -> "file " + file),
                            below("losetup", "--list", "--noheadings", "--output", "BACK-FILE")
                                    .map(image -> "device on " + image),
                            below("findmnt", "--list", "--noheadings", "--output", "TARGET")
                                    .map(mounted -> "mount " + mounted))
                    .flatMap(Function.identity())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stream<String> below(String... listing) {
        return Command.run(listing).out().lines().filter(line -> line.contains(folder.toString()));
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
