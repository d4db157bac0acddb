package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.SidecarInfo;
import io.pinbounce.SidecarOptions;
import io.pinbounce.pi.PiContext;
import io.pinbounce.tool.scrub.ScrubTarget.Tie;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class InfoCommandTest {

    private SidecarFolder folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = SidecarFolder.make();
    }

    @AfterEach
    void removeAll() throws IOException {
        folder.close();
    }

    @Test
    void theTableIsAligned() {
        assertEquals(
                """
                /data/table.pi
                  identity            0123456789abcdef, format 1
                  data                1.5 GiB, inode 12 of volume fedcba9876543210
                  tie                 an attribute of the data
                  guards              16b for every 4 KiB, TYPE_1
                  mode                journal
                  state               to be recovered: it was not closed in order, or is in use
                  log                 16 MiB, 1 group to be looked at
                  tuple pages         1,000 (3.9 MiB)
                  protected           393,000 intervals
                  unprotected         200 intervals
                  damaged             1 interval
                  tuple lost          15 intervals
                  sidecar damage      tuples of intervals 0 to 14: position=1
                  sidecar damage      the log: sectors=2
                """,
                new InfoReport(info(false), Tie.ATTRIBUTE).table());
    }

    @Test
    void aDeviceHasNoInode() {
        String table = new InfoReport(info(true), Tie.NAME_ONLY).table();
        assertTrue(
                table.contains("\n  data                1.5 GiB, block device fedcba9876543210\n"),
                table);
    }

    @Test
    void jsonHasStableKeys() {
        assertEquals(
                "[sidecar, version, identity, format, type, interval, mode, clean, device,"
                        + " volume, inode, tie, length, logSize, liveGroups, tuplePages,"
                        + " protected, unprotected, damaged, lost, sidecarDamage]",
                new InfoReport(info(false), Tie.ATTRIBUTE).json().keySet().toString());
    }

    @Test
    void aRealSidecarCountsItsIntervals() throws IOException {
        Path data = folder.data("data", 100_000);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        Cli text = Cli.run("info", data).requireStatus(ExitStatus.OK);
        assertEquals(1, text.lines("  protected           25 intervals").size(), text.toString());
        assertEquals(1, text.lines("  sidecar damage      none").size(), text.toString());
        Map<String, Object> json = Cli.run("info", data, "--json").json();
        assertEquals(25L, json.get("protected"));
        assertEquals(100_000L, json.get("length"));
        assertEquals(true, json.get("clean"));
    }

    @Test
    void theTieIsNoneOnceTheDataIsAnother() throws IOException {
        Path data = folder.data("data", 100_000);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        Object tie = Cli.run("info", data, "--json").json().get("tie");
        assertTrue(Set.of("ATTRIBUTE", "NAME_ONLY").contains(String.valueOf(tie)), tie + "");
        Files.delete(data);
        Files.write(data, new byte[100_000]);
        assertEquals("NONE", Cli.run("info", data, "--json").json().get("tie"));
    }

    @Test
    void theDataNeedNotBeThere() throws IOException {
        Path data = folder.data("data", 100_000);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        Files.delete(data);
        Cli.run("info", data).requireStatus(ExitStatus.OK);
    }

    @Test
    void aFileThatIsNoSidecarIsRefusedInOneSentence() throws IOException {
        Path data = folder.data("data", 100_000);
        Cli missing = Cli.run("info", data).requireStatus(ExitStatus.UNUSABLE);
        assertTrue(missing.err().contains("pinbounce seal"), missing.toString());
        Cli wrong = Cli.run("info", data, "--sidecar", data).requireStatus(ExitStatus.UNUSABLE);
        assertEquals(1, wrong.err().lines().count(), wrong.toString());
    }

    private static SidecarInfo info(boolean device) {
        return new SidecarInfo(
                Path.of("/data/table.pi"),
                1,
                "0123456789abcdef",
                PiContext.t10(4096),
                SidecarOptions.Mode.JOURNAL,
                false,
                device,
                "fedcba9876543210",
                12,
                3L << 29,
                16 << 20,
                1,
                1000,
                393_000,
                200,
                1,
                15,
                List.of("tuples of intervals 0 to 14: position=1", "the log: sectors=2"));
    }
}
