package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

final class BenchCommandTest {

    private static final String SECONDS = "--seconds=2";

    private final Path path = Path.of("target", "bench-cli-" + System.nanoTime() + ".tmp");

    private final Path csv = path.resolveSibling(path.getFileName() + ".csv");

    private final Path html = path.resolveSibling(path.getFileName() + ".html");

    @AfterEach
    void remove() throws IOException {
        for (Path each : List.of(path, csv, html)) {
            Files.deleteIfExists(each);
        }
    }

    private Cli bench(Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("bench", path));
        arguments.addAll(List.of(options));
        return Cli.run(arguments.toArray());
    }

    @Test
    void itPrintsTablesAndWritesFilesAndLeavesNothingBehind() throws IOException {
        Cli run =
                bench("--quick", SECONDS, "--sizes=64k", "--csv", csv, "--html", html)
                        .requireStatus(ExitStatus.OK);
        assertTrue(run.out().contains("\nsequential read, 64 KiB\n"), run::toString);
        assertTrue(run.out().contains("\nsequential write, 64 KiB\n"), run::toString);
        assertTrue(run.out().contains("To repeat: pinbounce bench "), run::toString);
        assertEquals(11, Files.readAllLines(csv).size() - 1);
        assertTrue(Files.readString(html).contains("Chart.js"));
        assertFalse(Files.exists(path));
        assertEquals(List.of(), leftovers(Path.of("target")));
    }

    private static List<String> leftovers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("pinbounce-bench-"))
                    .toList();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void jsonHasTheNamesThatProgramsRelyOn() {
        Map<String, Object> json =
                bench("--json", SECONDS, "--sizes=4k", "--ops=read", "--patterns=random")
                        .requireStatus(ExitStatus.OK)
                        .json();
        assertEquals(
                List.of("machine", "target", "command", "depth", "seconds", "rows", "ratios"),
                List.copyOf(json.keySet()));
        List<Map<String, Object>> rows =
                (List<Map<String, Object>>) Objects.requireNonNull(json.get("rows"));
        assertEquals(6, rows.size());
        for (Map<String, Object> row : rows) {
            assertEquals(
                    "[op, pattern, size, mode, guard, store, engine, mibps, iops, usr, sys,"
                            + " cpuMicrosPerRequest, copyMicros, p50us, p99us, p999us, rounds]",
                    row.keySet().toString());
            assertEquals(6, ((List<Object>) Objects.requireNonNull(row.get("rounds"))).size());
        }
        assertEquals(
                List.of(
                        "PIN none none",
                        "BOUNCE none none",
                        "BOUNCE 16b memory",
                        "BOUNCE 64b memory",
                        "JOURNAL 16b sidecar",
                        "LAZY 16b memory"),
                rows.stream()
                        .map(r -> r.get("mode") + " " + r.get("guard") + " " + r.get("store"))
                        .toList());
        List<Map<String, Object>> ratios =
                (List<Map<String, Object>>) Objects.requireNonNull(json.get("ratios"));
        assertEquals(
                "[what, size, op, pattern, median, low, high]",
                ratios.getFirst().keySet().toString());
        assertEquals("BOUNCE/PIN", ratios.getFirst().get("what"));
    }

    @Test
    void dataIsOnlyDestroyedWhenToldTo() throws IOException {
        Files.writeString(path, "precious");
        Cli refused = bench().requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("--destroy-data"), refused::toString);
        assertEquals("precious", Files.readString(path));
        bench(
                        "--destroy-data",
                        SECONDS,
                        "--sizes=4k",
                        "--ops=write",
                        "--patterns=random",
                        "--columns=pin")
                .requireStatus(ExitStatus.OK);
        assertEquals(8, Files.size(path));
        assertFalse(Files.readString(path).equals("precious"));
    }

    @Test
    void withoutAPathItMakesItsOwnFileAndRemovesIt() throws IOException {
        Cli run =
                Cli.run(
                                "bench",
                                SECONDS,
                                "--sizes=4k",
                                "--ops=read",
                                "--patterns=sequential",
                                "--columns=journal")
                        .requireStatus(ExitStatus.OK);
        assertTrue(run.out().contains("/pinbounce-bench-"), run::toString);
        assertTrue(run.out().contains(", removed afterwards"), run::toString);
        assertEquals(List.of(), leftovers(Path.of("").toAbsolutePath()));
    }

    @ParameterizedTest
    @CsvSource({
        "--sizes=3k, 4096",
        "--sizes=512, 4096",
        "--columns=push, bounce+16b",
        "--columns=fio, bounce+16b",
        "--patterns=backwards, RANDOM",
        "--ops=append, WRITE",
        "--rounds=5, rounds=5",
        "--seconds=0, too little time",
        "--depth=0, depth=0",
        "--size=8m, needed=16777216",
        "--size=48m, 32m",
        "--engine=aio, uring",
        "--html=/missing/page.html, no file can be written",
        "--csv=/, no file can be written"
    })
    void whatCannotBeDoneIsRefusedWithAHint(String option, String hint) {
        Cli refused = bench(option).requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains(hint), refused::toString);
        assertFalse(Files.exists(path));
    }

    /** The whole run then stays below two minutes, and a quick one below half a minute. */
    @Test
    void plansLeaveTimeToStartAndToEnd() {
        assertTrue(planned().toSeconds() <= 110);
        assertTrue(planned("--quick").toSeconds() <= 26);
    }

    /** Otherwise all turns would become as short as the time that is left. */
    @Test
    void fioStartsOnTopOfTheTimeForTheRun() {
        for (String time : List.of("--quick", "--seconds=20")) {
            Duration starts = planned(time, "--fio").minus(planned(time));
            int turns = 2 * (time.equals("--quick") ? 6 : 12) * 7; // of both kinds, rows, rounds
            assertEquals(turns * 500L, starts.toMillis(), time);
        }
    }

    private static Duration planned(String... options) {
        BenchOptions parsed = new BenchOptions();
        new CommandLine(parsed).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(options);
        return parsed.plan().total();
    }
}
