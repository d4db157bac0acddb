package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Command;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The benchmark as users run it: on a device, on a terminal, and interrupted. */
final class BenchIT {

    private static List<String> command(Path path, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(Command.ofProject("ci/pinbounce"), "bench", path.toString()));
        command.addAll(List.of(options));
        return command;
    }

    @Test
    @SuppressWarnings("unchecked")
    void aDeviceIsMeasuredInTurnWithFio(@TempDir Path folder) {
        Requirements.loop();
        Requirements.tool("fio");
        try (LoopTarget target = LoopTarget.open("--memory", "--size", "256M")) {
            List<String> command =
                    command(target.path(), "--quick", "--fio", "--json", "--destroy-data");
            command.addAll(List.of("--sizes=64k", "--seconds=6"));
            Command run =
                    Command.run(new ProcessBuilder(command).directory(folder.toFile()), _ -> {});
            assertEquals(0, run.status(), run.toString());
            Map<String, Object> json = (Map<String, Object>) JsonReader.read(run.out());
            List<Map<String, Object>> rows =
                    (List<Map<String, Object>>) Objects.requireNonNull(json.get("rows"));
            assertEquals(15, rows.size(), run.toString());
            List<Map<String, Object>> ratios =
                    (List<Map<String, Object>>) Objects.requireNonNull(json.get("ratios"));
            for (String what : List.of("BOUNCE/PIN", "PIN/fio", "PIN/fio best")) {
                assertEquals(
                        2,
                        ratios.stream().filter(ratio -> what.equals(ratio.get("what"))).count(),
                        run.toString());
            }
        }
    }

    @Test
    void onATerminalProgressIsOneLineThatGoesAway(@TempDir Path folder) {
        Requirements.tool("script");
        String line =
                String.join(
                        " ",
                        command(
                                folder.resolve("data"),
                                "--seconds=2 --sizes=4k --ops=read --patterns=random"));
        Command run = Command.run("sh", "-c", "NO_COLOR=1 script -qec \"$0\" /dev/null", line);
        assertEquals(0, run.status(), run.toString());
        assertTrue(
                run.out().contains("\r\033[Krandom read  4 KiB  PIN          warming up  "),
                run.toString());
        assertTrue(run.out().contains("\r\033[Krandom read, 4 KiB\r\n"), run.toString());
    }

    @Test
    void anInterruptRemovesWhatItMade(@TempDir Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(List.of(Command.ofProject("ci/pinbounce"), "bench", "--seconds=60"));
        Command run =
                Command.run(
                        new ProcessBuilder(command).directory(folder.toFile()),
                        process -> {
                            awaitFiles(folder);
                            Command.signal("INT", process.pid());
                        });
        assertEquals(130, run.status(), run.toString());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    /** The file itself, the place of the sidecar, and the sidecar. */
    private static void awaitFiles(Path folder) {
        try {
            long found = 0;
            while (found < 3) {
                Thread.sleep(10);
                try (Stream<Path> files = Files.list(folder)) {
                    found = files.count();
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
