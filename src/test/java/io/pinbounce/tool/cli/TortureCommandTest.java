package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pinbounce.Host;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TortureCommandTest {

    private final Path path = Path.of("target", "torture-cli-" + System.nanoTime() + ".tmp");

    private final StringWriter out = new StringWriter();

    private final StringWriter err = new StringWriter();

    @AfterEach
    void removeTarget() throws IOException {
        Files.deleteIfExists(path);
    }

    @Test
    void aPassPrintsATableAndASentenceAndEndsWithZero() {
        assertEquals(ExitStatus.OK, torture(path, "--size=64k", "--seconds=2"), this::all);
        List<String> lines = out.toString().lines().toList();
        assertTrue(out.toString().contains("\ndirect I/O:  "), this::all);
        assertTrue(out.toString().matches("(?s).*\nseed:        \\d+\n.*"), this::all);
        assertTrue(out.toString().contains("\nengine:      syscall for one"), this::all);
        assertEquals(
                36,
                lines.stream()
                        .filter(
                                line ->
                                        line.matches(
                                                ".* 64 KiB  .* (torn as expected|held|(not )?seen"
                                                        + " by target)"))
                        .count(),
                this::all);
        assertTrue(lines.get(lines.size() - 2).startsWith("PASS: "), this::all);
        assertEquals("", err.toString());
        assertFalse(Files.exists(path));
    }

    @Test
    void columnsAreAligned() {
        torture(
                path,
                "--operations=20",
                "--size=4k,1m",
                "--cases=write-race,same-buffer-read",
                "--depth=1");
        List<String> rows =
                out.toString()
                        .lines()
                        .filter(line -> line.matches(".*(case|KiB|MiB)  .*"))
                        .toList();
        assertEquals(13, rows.size(), this::all);
        int column = rows.getFirst().indexOf("verdict");
        for (String row : rows) {
            assertTrue(row.substring(column).matches("\\w.*"), row);
            assertEquals("  ", row.substring(column - 2, column), row);
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void jsonIsOneObject() {
        int status =
                torture(
                        path,
                        "--json",
                        "--depth=1",
                        "--seed=7",
                        "--operations=200",
                        "--size=64k,4k",
                        "--cases=read-race",
                        "--mode=pin,bounce");
        assertEquals(ExitStatus.OK, status, this::all);
        Map<String, Object> run = (Map<String, Object>) JsonReader.read(out.toString());
        assertEquals("pass", run.get("verdict"));
        assertEquals(7L, run.get("seed"));
        assertEquals(path.toString(), run.get("target"));
        List<String> cells = new ArrayList<>();
        for (Object element : (List<Object>) Objects.requireNonNull(run.get("cases"))) {
            Map<String, Object> cell = (Map<String, Object>) element;
            assertEquals(
                    "[case, size, mode, depth, engine, guard, operations, mutations, torn,"
                            + " refused, unreadable, falseErrors, misplaced, verdict]",
                    cell.keySet().toString());
            assertEquals("16b", cell.get("guard"));
            assertEquals(200L, cell.get("operations"));
            assertEquals(0L, cell.get("falseErrors"));
            assertNotEquals(0L, cell.get("mutations"));
            cells.add(cell.get("size") + " " + cell.get("mode") + " " + cell.get("verdict"));
        }
        assertEquals(
                List.of(
                        "65536 PIN torn as expected",
                        "65536 BOUNCE held",
                        "4096 PIN torn as expected",
                        "4096 BOUNCE held"),
                cells);
    }

    @Test
    @SuppressWarnings("unchecked")
    void theEngineThatIsNamedMovesTheData() {
        int status =
                torture(
                        path,
                        "--json",
                        "--engine=syscall",
                        "--depth=1,4",
                        "--operations=4",
                        "--size=4k",
                        "--cases=read-race,out-of-order",
                        "--mode=bounce");
        assertEquals(ExitStatus.INCONCLUSIVE, status, this::all);
        Map<String, Object> run = (Map<String, Object>) JsonReader.read(out.toString());
        assertEquals("threads", run.get("queueEngine"));
        List<String> cells = new ArrayList<>();
        for (Object element : (List<Object>) Objects.requireNonNull(run.get("cases"))) {
            Map<String, Object> cell = (Map<String, Object>) element;
            cells.add(cell.get("case") + " " + cell.get("depth") + " " + cell.get("engine"));
        }
        assertEquals(
                List.of("read-race 1 syscall", "read-race 4 threads", "out-of-order 4 threads"),
                cells);
    }

    @Test
    void aRingThatIsWantedIsUsedAtDepthOneOrRefusedWithTheReason() {
        int status =
                torture(
                        path,
                        "--engine=uring",
                        "--depth=1",
                        "--operations=1",
                        "--size=4k",
                        "--mode=bounce");
        if (Host.probe().ioUring()) {
            assertEquals(ExitStatus.INCONCLUSIVE, status, this::all);
            assertTrue(out.toString().contains("\nengine:      io_uring for 1 in"), this::all);
        } else {
            assertEquals(ExitStatus.UNUSABLE, status, this::all);
            assertTrue(err.toString().contains("io_uring is required"), this::all);
            assertEquals("", out.toString());
        }
    }

    @Test
    void figuresAndPicturesGoToFiles() throws IOException {
        Path csv = path.resolveSibling(path.getFileName() + ".csv");
        Path html = path.resolveSibling(path.getFileName() + ".html");
        try {
            torture(path, "--operations=5", "--size=4k", "--csv=" + csv, "--html=" + html);
            List<String> lines = Files.readAllLines(csv);
            assertEquals(37, lines.size(), this::all);
            assertEquals(
                    "case,depth,size,mode,engine,operations,mutations,torn,refused,unreadable,"
                            + "falseErrors,misplaced,verdict",
                    lines.getFirst());
            assertTrue(lines.get(1).startsWith("write-race,1,4096,PIN,syscall,5,"), this::all);
            String page = Files.readString(html);
            assertTrue(page.contains("\"title\": \"write-race, 16 in flight\""), page);
            assertTrue(page.contains("\"unit\": \"per cent torn\""), page);
        } finally {
            Files.deleteIfExists(csv);
            Files.deleteIfExists(html);
        }
    }

    @Test
    void withoutAControlItIsInconclusive() {
        assertEquals(
                ExitStatus.INCONCLUSIVE,
                torture(path, "--mode=bounce", "--operations=2"),
                this::all);
        assertTrue(out.toString().contains("\nINCONCLUSIVE: nothing tore with PIN"), this::all);
    }

    @Test
    void theControlAloneIsInconclusive() {
        assertEquals(
                ExitStatus.INCONCLUSIVE,
                torture(
                        path,
                        "--mode=pin",
                        "--operations=50",
                        "--cases=same-buffer-read",
                        "--depth=1"),
                this::all);
        assertTrue(out.toString().contains("\nINCONCLUSIVE: only PIN"), this::all);
    }

    @Test
    void theSeedThatWasDrawnIsInTheCommandThatRepeats() {
        torture(path, "--operations=1", "--mode=bounce");
        assertTrue(
                out.toString()
                        .matches(
                                "(?s).*\nTo repeat: pinbounce torture --seed \\d+ "
                                        + (path + " --operations=1 --mode=bounce\n")),
                this::all);
    }

    @Test
    void theSeedThatWasGivenStaysWhereItIs() {
        torture(path, "--operations=1", "--mode=bounce", "--seed", "-5");
        assertTrue(
                out.toString().endsWith(path + " --operations=1 --mode=bounce --seed -5\n"),
                this::all);
    }

    @Test
    void withoutAPathItMakesItsOwnFile() throws IOException {
        torture("--operations=1", "--mode=bounce", "--size=4k");
        assertTrue(out.toString().contains("/pinbounce-torture-"), this::all);
        try (var files = Files.list(Path.of(""))) {
            assertFalse(files.anyMatch(file -> file.toString().startsWith("pinbounce-torture-")));
        }
    }

    @Test
    void dataIsOnlyDestroyedWhenToldTo() throws IOException {
        Files.writeString(path, "precious");
        assertEquals(ExitStatus.UNUSABLE, torture(path, "--operations=1"));
        assertTrue(err.toString().contains("--destroy-data"), this::all);
        assertEquals(1, err.toString().lines().count(), this::all);
        assertEquals("precious", Files.readString(path));
        assertEquals(
                ExitStatus.INCONCLUSIVE,
                torture(path, "--operations=1", "--mode=bounce", "--destroy-data"),
                this::all);
        assertEquals(8, Files.size(path));
        assertFalse(Arrays.equals("precious".getBytes(US_ASCII), Files.readAllBytes(path)));
    }

    @Test
    void anEmptyFileIsLeftEmpty() throws IOException {
        Files.createFile(path);
        assertEquals(
                ExitStatus.INCONCLUSIVE,
                torture(path, "--operations=1", "--mode=bounce"),
                this::all);
        assertEquals(0, Files.size(path));
    }

    @Test
    void aDirectoryIsRefusedInOneSentence() {
        assertEquals(ExitStatus.UNUSABLE, torture(Path.of("target")));
        assertEquals(1, err.toString().lines().count(), this::all);
        assertTrue(err.toString().contains("directory"), this::all);
    }

    @ParameterizedTest
    @CsvSource({
        "--cases=write-rice, write-race",
        "--size=4000, 4096",
        "--size=4q, 64k",
        "--size=0, 4096",
        "--size=2048m, 1024m",
        "--size=48m, --size",
        "--mode=push, BOUNCE",
        "--seconds=0, total",
        "--seconds=soon, --seconds",
        "--operations=0, operations",
        "--engine=aio, uring",
        "--depth=0, depth",
        "--depth=5000, 4096",
        "--depth=1024 --size=4m, 1 GiB",
        "--depth=4096 --size=64k --cases=rewrite, --depth",
        "--depth=1 --cases=rewrite, --depth of 2",
        "--seconds=1 --operations=1, mutually exclusive"
    })
    void whatCannotBeDoneIsRefusedWithAHint(String arguments, String hint) {
        List<String> all = new ArrayList<>(List.of("torture", path.toString()));
        all.addAll(List.of(arguments.split(" ")));
        assertEquals(ExitStatus.UNUSABLE, run(all), this::all);
        assertTrue(err.toString().contains(hint), this::all);
        assertFalse(out.toString().contains("PASS"), this::all);
        assertFalse(Files.exists(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4096", "4k", "4K"})
    void sizesAreReadAsPeopleWriteThem(String size) {
        assertEquals(4096, new ByteSize().convert(size));
    }

    private int torture(Path target, String... options) {
        List<String> arguments = new ArrayList<>(List.of("torture", target.toString()));
        arguments.addAll(List.of(options));
        return run(arguments);
    }

    private int torture(String... options) {
        List<String> arguments = new ArrayList<>(List.of("torture"));
        arguments.addAll(List.of(options));
        return run(arguments);
    }

    private int run(List<String> arguments) {
        CommandLine line =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        return Main.run(line, arguments.toArray(String[]::new));
    }

    private String all() {
        return "out=[" + out + "] err=[" + err + "]";
    }
}
