package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Command;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The commands as users run them: from the project's folder, on a terminal, on devices. */
final class SidecarCommandsIT {

    private static final long GIB = 1L << 30;

    /** What is written of every {@link #STRIDE}; the rest are holes. */
    private static final int WRITTEN = 8 << 20;

    private static final long STRIDE = 256 << 20;

    @Test
    void onATerminalProgressIsOneLineThatGoesAway(@TempDir Path folder) throws IOException {
        Path sidecar = folder.resolve("device.pi");
        Requirements.loop();
        Requirements.tool("script");
        try (LoopTarget target = LoopTarget.open("--size", "4G")) {
            Path data = mixed(target.path(), 4 * GIB); // a device, of which all is read
            assertStatus(0, tool("seal", data, "--sidecar", sidecar.toString()));
            Command verified = onTerminal("", "verify", data, "--sidecar", sidecar.toString());
            assertStatus(0, verified);
            List<String> lines = List.of(verified.out().split("\r\033\\[K", -1));
            assertTrue(lines.size() > 3, verified.toString());
            for (String line : lines.subList(1, lines.size() - 1)) {
                assertTrue(
                        line.matches(
                                "\\[#*\\.*] +\\d+ %  .* of 4 GiB  .*iB/s  .* left  0 bad|"
                                        + "\\[.*  0 B/s  ages left  0 bad"),
                        line);
            }
            assertTrue(lines.getLast().startsWith("CLEAN: all of 1,048,576 in"), lines.getLast());
            assertTrue(lines.getLast().contains("(4 GiB in "), lines.getLast());
        }
    }

    @Test
    void onATerminalDamageIsAcceptedOnlyAfterAYes() throws IOException {
        Requirements.loop();
        Requirements.tool("script");
        Requirements.tool("mkfs.ext4");
        try (LoopTarget target = LoopTarget.open("--size", "256M", "--fs", "ext4")) {
            Path data = mixed(target.path(), WRITTEN);
            assertStatus(0, tool("seal", data));
            SidecarFolder.flip(data, 5 * 4096);
            Command declined = onTerminal("n", "reseal", data, "--interval", "5");
            assertStatus(2, declined);
            assertTrue(declined.out().contains("as it is? [y/N]"), declined.toString());
            assertTrue(declined.out().contains("nothing was changed"), declined.toString());
            assertStatus(1, tool("verify", data));
            assertStatus(0, onTerminal("y", "reseal", data, "--interval", "5"));
            assertStatus(0, tool("verify", data));
        }
    }

    @Test
    void aMountedDeviceIsNotSealed(@TempDir Path folder) throws IOException {
        Requirements.loop();
        Requirements.tool("mkfs.ext4");
        Path sidecar = folder.resolve("sidecar");
        try (LoopTarget target = LoopTarget.open("--size", "128M", "--fs", "ext4")) {
            Path device = Path.of(Files.getFileStore(target.path().getParent()).name());
            Command refused = tool("seal", device, "--sidecar", sidecar.toString());
            assertStatus(2, refused);
            assertTrue(refused.err().contains("unmount it"), refused.toString());
            assertFalse(Files.exists(sidecar));
        }
    }

    @Test
    void aDeviceIsSealedWithASidecarElsewhere(@TempDir Path folder) throws IOException {
        Requirements.loop();
        Path sidecar = folder.resolve("device.pi");
        try (LoopTarget target = LoopTarget.open("--size", "64M", "--sector-size", "4096")) {
            Command refused = tool("seal", target.path());
            assertStatus(2, refused);
            assertTrue(refused.err().contains("--sidecar"), refused.toString());
            assertStatus(0, tool("seal", target.path(), "--sidecar", sidecar.toString()));
            SidecarFolder.flip(target.path(), 12_345);
            Command damaged = tool("verify", target.path(), "--sidecar", sidecar.toString());
            assertStatus(1, damaged);
            assertTrue(
                    damaged.out().startsWith("bad: interval=3 position=12288 "),
                    damaged.toString());
            assertStatus(0, tool("info", target.path(), "--sidecar", sidecar.toString()));
        }
    }

    @Test
    void anInterruptKeepsWhatIsDone(@TempDir Path folder) throws IOException {
        String sidecar = folder.resolve("device.pi").toString();
        Requirements.loop();
        try (LoopTarget target = LoopTarget.open("--size", "64G")) {
            Path data = mixed(target.path(), 64 * GIB); // a device, of which all is read
            Command stopped = interrupted("seal", data, "--sidecar", sidecar);
            assertStatus(130, stopped);
            assertTrue(stopped.out().startsWith("Stopped after "), stopped.toString());
            Command info = tool("info", data, "--sidecar", sidecar);
            assertStatus(0, info);
            assertTrue(info.out().contains("clean: it was closed"), info.toString());
            assertTrue(!info.out().contains("  protected           0 in"), info.toString());
            Command again = interrupted("verify", data, "--sidecar", sidecar);
            assertStatus(130, again);
            assertTrue(again.out().startsWith("Stopped after "), again.toString());
        }
    }

    private static void assertStatus(int expected, Command run) {
        assertEquals(expected, run.status(), run.toString());
    }

    /** A sparse file with random data here and there. */
    private static Path mixed(Path path, long size) throws IOException {
        byte[] bytes = new byte[WRITTEN];
        new Random(1).nextBytes(bytes);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            for (long at = 0; at < Math.min(size, 4 * GIB); at += STRIDE) {
                file.seek(at);
                file.write(bytes);
            }
            if (Files.isRegularFile(path)) {
                file.setLength(size);
            }
        }
        return path;
    }

    private static List<String> command(String name, Path data, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Command.ofProject("ci/pinbounce"));
        command.add(name);
        command.add(data.toString());
        command.addAll(List.of(options));
        return command;
    }

    private static Command tool(String name, Path data, String... options) {
        return Command.run(command(name, data, options).toArray(String[]::new));
    }

    /** Runs a command on a terminal of its own, without colours, on which an answer is typed. */
    private static Command onTerminal(String answer, String name, Path data, String... options) {
        String typed = "printf '%s\\n' '" + answer + "' | NO_COLOR=1 script -qec \"$0\" /dev/null";
        return Command.run("sh", "-c", typed, String.join(" ", command(name, data, options)));
    }

    /** Ended by Ctrl-C once it has read some data. */
    private static Command interrupted(String name, Path data, String... options) {
        // SIGINT not ignored, as a terminal would start it.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(command(name, data, options));
        return Command.run(
                new ProcessBuilder(command),
                process -> {
                    awaitReads(process);
                    Command.signal("INT", process.pid());
                });
    }

    /** Returns when a process has read the first of what is not a hole. */
    private static void awaitReads(Process process) {
        Path io = Path.of("/proc/" + process.pid() + "/io");
        try {
            long read = 0;
            while (read < 4 * WRITTEN) {
                Thread.sleep(10);
                for (String line : Files.readAllLines(io)) {
                    if (line.startsWith("read_bytes: ")) {
                        read = Long.parseLong(line.substring("read_bytes: ".length()));
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
