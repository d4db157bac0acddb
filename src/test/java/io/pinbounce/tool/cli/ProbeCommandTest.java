package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectIoStatus;
import io.pinbounce.Geometry;
import io.pinbounce.Host;
import io.pinbounce.StablePages;
import io.pinbounce.Transfer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class ProbeCommandTest {

    private static final Host HOST =
            new Host(false, "no ring", "threads", List.of(), List.of("no ring"), 8 << 20, "a word");

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();

    private final StringWriter err = new StringWriter();

    @Test
    void aTableIsAlignedAndNamesItsSources() {
        assertEquals(
                """
                /mnt/data
                  file system         xfs on nvme0n1
                  direct I/O          yes: statx says so
                  stable pages        needed: integrity
                    layer             vda is quiet
                  transfer            BOUNCE: memory that changes during a request would fail it
                  memory alignment    4 B           by memoryAlignment
                  read alignment      512 B         by readAlignment
                  write alignment     4 KiB         by writeAlignment
                  logical block       512 B         by logicalBlock
                  physical block      16 KiB        by physicalBlock
                  preferred transfer  1280 KiB      by preferredTransfer
                  largest transfer    2097148 KiB   by largestTransfer
                  atomic write from   4 KiB         by atomicWriteMinimum
                  atomic write up to  64 KiB        by atomicWriteMaximum
                """,
                new ProbeReport(Path.of("/mnt/data"), geometry(true, 65536)).table());
    }

    @Test
    void absentValuesAreNotInTheTable() {
        String table = new ProbeReport(Path.of("x"), geometry(false, 0)).table();
        assertFalse(table.contains("atomic"), table);
        assertTrue(table.contains("transfer            PIN: "), table);
        assertTrue(table.contains("stable pages        not needed: integrity"), table);
    }

    @Test
    void theTableOfTheProcessIsABlockOfItsOwn() {
        assertEquals(
                """
                this process
                  io_uring            no: no ring
                  queue engine        threads, for queues and asynchronous calls
                  memory lock limit   8 MiB: a word
                """,
                ProbeReport.table(HOST));
    }

    @Test
    void theTableSaysWhatTheRingHasAndLacks() {
        assertEquals(
                """
                this process
                  io_uring            yes: made one
                  queue engine        io_uring, for queues and asynchronous calls
                  ring has            EXT_ARG, registered files
                  ring lacks          this; and that
                  memory lock limit   none: a word
                """,
                ProbeReport.table(
                        ring(List.of("EXT_ARG", "registered files"), "this", "and that")));
        String complete = ProbeReport.table(ring(List.of("EXT_ARG")));
        assertTrue(
                complete.contains("\n  ring lacks          nothing that it could use\n"), complete);
    }

    private static Host ring(List<String> has, String... lacks) {
        return new Host(
                true, "made one", "io_uring", has, List.of(lacks), Long.MAX_VALUE, "a word");
    }

    @Test
    void jsonHasStableKeys() {
        Map<String, ?> json = new ProbeReport(Path.of("x"), geometry(true, 0)).json(HOST);
        assertEquals(
                "path fileSystem device directIo directIoReason memoryAlignment readAlignment"
                        + " writeAlignment logicalBlock physicalBlock preferredTransfer"
                        + " largestTransfer atomicWriteMinimum atomicWriteMaximum stablePages"
                        + " stablePagesReason stablePagesLayers transfer transferReason"
                        + " ioUring ioUringReason"
                        + " queueEngine ringFeatures ringNotes memoryLockLimit memoryLockReason"
                        + " sources",
                String.join(" ", json.keySet()));
        assertEquals(true, json.get("stablePages"));
        assertEquals(Transfer.BOUNCE, json.get("transfer"));
        assertEquals(8L << 20, json.get("memoryLockLimit"));
    }

    @Test
    void aPathThatCannotBeOpenedDoesNotHideTheOthers() throws IOException {
        Path file = Files.createFile(folder.resolve("data"));
        Path missing = folder.resolve("missing");
        assertEquals(ExitStatus.UNUSABLE, probe("probe", "" + missing, "" + file));
        assertTrue(out.toString().startsWith(file + "\n  file system "), out.toString());
        assertTrue(out.toString().contains("\nthis process\n"), out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("pinbounce: "), err.toString());
        assertTrue(err.toString().contains("path=" + missing), err.toString());
    }

    @Test
    void jsonOfNothingIsAnEmptyArray() {
        Path missing = folder.resolve("missing");
        assertEquals(ExitStatus.UNUSABLE, probe("probe", "--json", missing.toString()));
        assertEquals("[]\n", out.toString());
    }

    @Test
    void jsonOfTwoPathsIsOneArray() throws IOException {
        Path file = Files.createFile(folder.resolve("data \"1\""));
        assertEquals(ExitStatus.OK, probe("probe", "--json", file.toString(), file.toString()));
        assertEquals(2, out.toString().split("\"path\": ", -1).length - 1, out.toString());
        assertTrue(out.toString().contains("data \\\"1\\\"\""), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void aPathIsRequired() {
        assertEquals(ExitStatus.UNUSABLE, probe("probe"));
        assertTrue(err.toString().contains("PATH"), err.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "512, 512 B",
        "4096, 4 KiB",
        "1310720, 1280 KiB",
        "8388608, 8 MiB",
        "1099511627776, 1024 GiB"
    })
    void sizesAreWholeNumbers(long bytes, String text) {
        assertEquals(text, ProbeReport.size(bytes));
    }

    private int probe(String... arguments) {
        CommandLine line =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        return Main.run(line, arguments);
    }

    private static Geometry geometry(boolean stable, int atomic) {
        Map<String, String> sources = new LinkedHashMap<>();
        for (var component : Geometry.class.getRecordComponents()) {
            sources.put(component.getName(), "by " + component.getName());
        }
        return new Geometry(
                4,
                512,
                4096,
                512,
                16384,
                1280 << 10,
                0x7ffff000L,
                atomic > 0 ? 4096 : 0,
                atomic,
                new StablePages(stable, false, "integrity", List.of("vda is quiet")),
                DirectIoStatus.DIRECT,
                "statx says so",
                "xfs",
                "nvme0n1",
                sources);
    }
}
