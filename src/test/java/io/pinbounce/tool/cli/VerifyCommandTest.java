package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.tool.scrub.ScrubReport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

final class VerifyCommandTest {

    private static final int SIZE = (3 << 20) + 100;

    private static final int INTERVALS = 3 * 256 + 1;

    private SidecarFolder folder;

    private Path data;

    @BeforeEach
    void sealData() throws IOException {
        folder = SidecarFolder.make();
        data = folder.data("data", SIZE);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
    }

    @AfterEach
    void removeAll() throws IOException {
        folder.close();
    }

    @Test
    void cleanDataPrintsOneSentenceAndEndsWithZero() {
        Cli clean = Cli.run("verify", data).requireStatus(ExitStatus.OK);
        assertEquals(1, clean.lines("CLEAN: all of 769 intervals ").size(), clean.toString());
        assertEquals(List.of(), clean.lines("bad"));
    }

    @Test
    void nothingIsChanged() throws IOException {
        byte[] before = Files.readAllBytes(sidecar("data"));
        SidecarFolder.flip(data, 0);
        byte[] damaged = Files.readAllBytes(data);
        Cli.run("verify", data).requireStatus(ExitStatus.FAILURE_FOUND);
        assertArrayEquals(before, Files.readAllBytes(sidecar("data")));
        assertArrayEquals(damaged, Files.readAllBytes(data));
    }

    @ParameterizedTest
    @CsvSource({"20480, 5", "20481, 5", "0, 0", "3145827, 768"})
    void aByteThatFlippedIsNamedByIntervalAndPosition(long position, long interval)
            throws IOException {
        SidecarFolder.flip(data, position);
        Cli damaged = Cli.run("verify", data).requireStatus(ExitStatus.FAILURE_FOUND);
        String start =
                "bad: interval="
                        + interval
                        + " position="
                        + interval * 4096
                        + " failing=[GUARD] expected=(guard=0x";
        assertEquals(1, damaged.lines(start).size(), damaged.toString());
        assertEquals(1, damaged.lines("bad").size(), damaged.toString());
        assertEquals(
                1, damaged.lines("DAMAGED: 1 of 769 intervals bad (").size(), damaged.toString());
        assertEquals(
                1,
                damaged.lines("To mend it, ").stream()
                        .filter(line -> line.contains("pinbounce reseal " + data))
                        .count(),
                damaged.toString());
    }

    @Test
    void noMoreIsPrintedThanTheLimit() throws IOException {
        for (int interval = 10; interval < 15; interval++) {
            SidecarFolder.flip(data, interval * 4096L);
        }
        Cli damaged = Cli.run("verify", data, "--limit", 2).requireStatus(ExitStatus.FAILURE_FOUND);
        assertEquals(2, damaged.lines("bad: ").size(), damaged.toString());
        assertEquals(1, damaged.lines("3 more bad; --limit").size(), damaged.toString());
        assertEquals(1, damaged.lines("DAMAGED: 5 of 769").size(), damaged.toString());
    }

    @Test
    @SuppressWarnings("unchecked")
    void jsonIsOneObject() throws IOException {
        SidecarFolder.flip(data, 5 * 4096 + 7);
        SidecarFolder.flip(data, 700 * 4096);
        Cli damaged = Cli.run("verify", data, "--json").requireStatus(ExitStatus.FAILURE_FOUND);
        Map<String, Object> json = damaged.json();
        assertEquals(
                "[path, sidecar, verdict, bytes, seconds, intervals, clean, unprotected, damaged,"
                        + " bad, unreadable, sidecarDamage]",
                json.keySet().toString());
        assertEquals(data.toString(), json.get("path"));
        assertEquals(sidecar("data").toString(), json.get("sidecar"));
        assertEquals("damaged", json.get("verdict"));
        assertEquals((long) INTERVALS, json.get("intervals"));
        assertEquals(INTERVALS - 2L, json.get("clean"));
        assertEquals(0L, json.get("unprotected"));
        assertEquals(List.of(), json.get("sidecarDamage"));
        List<Map<String, Object>> bad =
                (List<Map<String, Object>>) Objects.requireNonNull(json.get("bad"));
        assertEquals("[interval, position, fields]", bad.get(0).keySet().toString());
        assertEquals(List.of(5L, 5L * 4096, List.of("GUARD")), List.copyOf(bad.get(0).values()));
        assertEquals(700L, bad.get(1).get("interval"));
        assertEquals(2, bad.size());
    }

    @Test
    void jsonOfCleanDataHasTheSameMembers() {
        Cli clean = Cli.run("verify", data, "--json").requireStatus(ExitStatus.OK);
        assertEquals(12, clean.json().size());
        assertEquals("clean", clean.json().get("verdict"));
        assertEquals(List.of(), clean.json().get("bad"));
    }

    @Test
    void unprotectedIntervalsAreCountedAndAreNoDamage() throws IOException {
        Path half = folder.data("half", SIZE);
        DirectOptions options =
                DirectOptions.readWrite()
                        .directIo(DirectIo.PREFERRED)
                        .protection(
                                Protection.t10(4096)
                                        .sidecar(
                                                SidecarOptions.beside()
                                                        .existing(
                                                                SidecarOptions.Existing
                                                                        .UNPROTECTED)));
        try (DirectFile file = DirectFile.open(half, options)) {
            file.write(MemorySegment.ofArray(new byte[8192]), 0);
        }
        Cli clean = Cli.run("verify", half).requireStatus(ExitStatus.OK);
        String sentence =
                "CLEAN: 2 of 769 intervals are as they were written, and 767 were never protected";
        assertEquals(1, clean.lines(sentence).size(), clean.toString());
        assertTrue(clean.out().contains("pinbounce seal " + half), clean.toString());
        assertEquals(767L, Cli.run("verify", half, "--json").json().get("unprotected"));
    }

    @Test
    void aDamagedSidecarIsDamage() throws IOException {
        long lastSector = Files.size(sidecar("data")) - 512;
        for (long at = lastSector; at > 0; at -= 512) {
            SidecarFolder.flip(sidecar("data"), at + 100);
            if (Cli.run("info", data).status() == ExitStatus.FAILURE_FOUND) {
                break;
            }
        }
        Cli damaged = Cli.run("verify", data).requireStatus(ExitStatus.FAILURE_FOUND);
        assertTrue(!damaged.lines("sidecar: ").isEmpty(), damaged.toString());
        assertTrue(damaged.out().contains("the sidecar is damaged"), damaged.toString());
    }

    @Test
    void aCopyIsRefusedUntilItIsAdopted() throws IOException {
        Path copy = copy("copy");
        Cli refused = Cli.run("verify", copy).requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("--adopt"), refused.toString());
        assertEquals(1, refused.err().lines().count(), refused.toString());
        Cli adopted = Cli.run("verify", copy, "--adopt").requireStatus(ExitStatus.OK);
        assertEquals(1, adopted.lines("CLEAN: ").size(), adopted.toString());
        assertEquals(1, adopted.lines("Adopted: ").size(), adopted.toString());
        Cli.run("verify", copy).requireStatus(ExitStatus.OK);
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
    }

    @Test
    void aDamagedCopyIsNotAdopted() throws IOException {
        Path copy = copy("copy");
        SidecarFolder.flip(copy, 4096);
        byte[] before = Files.readAllBytes(sidecar("copy"));
        Cli damaged = Cli.run("verify", copy, "--adopt").requireStatus(ExitStatus.FAILURE_FOUND);
        assertEquals(1, damaged.lines("bad: interval=1 ").size(), damaged.toString());
        assertEquals(1, damaged.lines("Not adopted").size(), damaged.toString());
        assertArrayEquals(before, Files.readAllBytes(sidecar("copy")));
        Cli.run("verify", copy).requireStatus(ExitStatus.UNUSABLE);
    }

    @Test
    void aCopyWithoutItsEndIsNotAdopted() throws IOException {
        Path copy = copy("copy");
        try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        Cli damaged = Cli.run("verify", copy, "--adopt").requireStatus(ExitStatus.FAILURE_FOUND);
        assertEquals(1, damaged.lines("sidecar: it is for data that is longer").size());
        assertEquals(1, damaged.lines("Not adopted").size(), damaged.toString());
    }

    @Test
    void aSidecarThatProtectsNothingAdoptsNothing() throws IOException {
        Path other = folder.data("other", 100_000);
        SidecarOptions sidecar = SidecarOptions.beside().existing(Existing.UNPROTECTED);
        DirectOptions options =
                DirectOptions.readWrite()
                        .directIo(DirectIo.PREFERRED)
                        .protection(Protection.t10(4096).sidecar(sidecar));
        DirectFile.open(other, options).close();
        Cli.run("verify", other).requireStatus(ExitStatus.OK);
        Cli refused = Cli.run("verify", other, "--adopt").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("nothing tells whether"), refused.toString());
    }

    @Test
    void withoutASidecarTheMessageNamesTheCommandThatMakesOne() throws IOException {
        Path other = folder.data("other", 10);
        Cli refused = Cli.run("verify", other).requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("pinbounce seal"), refused.toString());
        assertEquals("", refused.out());
    }

    @Test
    void aSidecarElsewhereIsGivenByAnOption() throws IOException {
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(sidecar("data"), elsewhere);
        Cli.run("verify", data).requireStatus(ExitStatus.UNUSABLE);
        Cli.run("verify", data, "--sidecar", elsewhere).requireStatus(ExitStatus.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "--depth=0, depth",
        "--depth=many, --depth",
        "--limit=-1, limit",
        "--interval=4096, --interval",
        "--sidecar=/no/such/file, no sidecar",
        "another, another"
    })
    void whatCannotBeDoneIsRefusedWithAHint(String argument, String hint) {
        Cli refused = Cli.run("verify", data, argument).requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains(hint), refused.toString());
        assertEquals("", refused.out());
    }

    @ParameterizedTest
    @CsvSource({"CLEAN, 0", "DAMAGED, 1", "UNFINISHED, 3"})
    void theVerdictSetsTheExitStatus(ScrubReport.Verdict verdict, int status) {
        assertEquals(status, VerifyCommand.status(verdict));
    }

    private Path sidecar(String name) {
        return folder.resolve(name + ".pi");
    }

    private Path copy(String name) throws IOException {
        Files.copy(sidecar("data"), sidecar(name));
        return Files.copy(data, folder.resolve(name));
    }
}
