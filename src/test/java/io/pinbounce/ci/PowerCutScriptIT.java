package io.pinbounce.ci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Command;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How the script behaves; what a cut does to data, {@code PowerCutIT} shows. */
final class PowerCutScriptIT {

    private Path folder;

    @BeforeAll
    static void requireDevices() {
        Requirements.powerCut();
        Requirements.loop();
    }

    @BeforeEach
    void makeFolder(@TempDir Path temporary) throws IOException {
        folder = Files.createDirectory(temporary.resolve("a blank")); // people have such folders
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertEquals(List.of(), traces());
    }

    private ProcessBuilder script(String arguments) {
        ProcessBuilder builder = new ProcessBuilder(Command.ofProject("ci/power-cut"));
        builder.command()
                .addAll(Stream.of(arguments.split(" ")).filter(w -> !w.isEmpty()).toList());
        builder.environment().put("TMPDIR", folder.toString());
        return builder;
    }

    /** What the script has made below this test's folder and not yet taken away. */
    private List<String> traces() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Stream.concat(
                            files.map(Path::toString).filter(file -> file.contains("power.")),
                            Stream.of(
                                            Command.run(
                                                    "losetup", "--list", "--output", "BACK-FILE"),
                                            Command.run("findmnt", "--list", "--output", "TARGET"))
                                    .flatMap(listing -> listing.out().lines())
                                    .filter(line -> line.contains(folder.toString())))
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"'', TERM, 143", "--fs ext4, TERM, 143", "--loop --files 2, HUP, 129"})
    void aSignalTakesTheDevicesDown(String arguments, String signal, int status) throws Exception {
        Process script = script(arguments).start();
        try (BufferedReader out = script.inputReader(StandardCharsets.UTF_8)) {
            Path path = Path.of(out.readLine());
            assertTrue(path.startsWith(folder) || path.startsWith("/dev"), path::toString);
            assertFalse(traces().isEmpty());
            Command.signal(signal, script.pid());
            assertEquals(status, script.waitFor());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 150, 300, 500})
    void aSignalInTheMiddleOfTheSetUpLeavesNothing(int milliseconds) throws Exception {
        Process script = script("--fs ext4 --files 2").start();
        Thread.sleep(milliseconds);
        Command.signal("TERM", script.pid());
        assertEquals(143, script.waitFor());
    }

    /** The process is killed before it sees any error, and the files have their old paths. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--loop", "--fs xfs --size 320M"})
    void aProcessThatUsesTheFilesIsKilled(String arguments) throws Exception {
        Requirements.tool(arguments.contains("xfs") ? "mkfs.xfs" : "nbdkit");
        Process script = script(arguments).start();
        try (BufferedReader out = script.inputReader(StandardCharsets.UTF_8);
                var in = script.outputWriter(StandardCharsets.UTF_8)) {
            String path = out.readLine();
            Process user =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "exec dd if=/dev/zero of=\"$1\" bs=4k oflag=direct"
                                            + " count=9999999",
                                    "sh",
                                    path)
                            .redirectError(folder.resolve("said").toFile())
                            .start();
            Thread.sleep(300);
            in.write("cut " + user.pid() + "\n");
            in.flush();
            assertEquals("on", out.readLine());
            assertEquals(128 + 9, user.waitFor());
            assertEquals("", Files.readString(folder.resolve("said")));
            in.write("cut\n");
            in.flush();
            assertEquals("on", out.readLine());
            assertTrue(Files.exists(Path.of(path)) || arguments.startsWith("--fs"));
        }
        assertEquals(0, script.waitFor());
    }

    @Test
    void anUnknownOrderIsAnError() throws Exception {
        Process script = script("").start();
        try (var in = script.outputWriter(StandardCharsets.UTF_8);
                BufferedReader err = script.errorReader(StandardCharsets.UTF_8)) {
            in.write("cut off\n");
            in.flush();
            assertEquals("ci/power-cut: 'cut off' is no order; cut or cut PID is.", err.readLine());
        }
        assertEquals(2, script.waitFor());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--no-such-option",
                "--size",
                "--size 1000",
                "--files 0",
                "--sector-size 1024",
                "--fs vfat"
            })
    void badUsageExitsWithStatusTwo(String arguments) {
        Command usage = Command.run(script(arguments), process -> {});
        assertEquals(2, usage.status());
        assertTrue(usage.err().contains("Usage: ci/power-cut"), usage::toString);
        assertEquals("", usage.out());
    }

    @Test
    void aMissingToolIsNamedWithItsPackage() throws IOException {
        ProcessBuilder builder = script("");
        List<String> present = List.of("bash", "env", "fusermount3", "mountpoint", "truncate");
        Path tools = ToolFolder.create(folder.resolve("tools"), present);
        builder.environment().put("PATH", tools.toString());
        Command missing = Command.run(builder, process -> {});
        assertEquals(2, missing.status(), missing::toString);
        assertTrue(missing.err().contains("nbdfuse (package libnbd-bin)"), missing::toString);
    }
}
