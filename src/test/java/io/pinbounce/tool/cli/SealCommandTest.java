package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

final class SealCommandTest {

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
    void allDataIsProtectedAndTheNextCommandIsPrinted() throws IOException {
        Path data = folder.data("my data", 100_000);
        Cli sealed = Cli.run("seal", data).requireStatus(ExitStatus.OK);
        assertTrue(
                sealed.out()
                        .startsWith(
                                "SEALED: all 97.7 KiB of %s are protected by %s.pi (97.7 KiB now, "
                                        .formatted(data, data)),
                sealed.toString());
        assertTrue(sealed.out().contains("with Protection.t10(4096).sidecar(),"), sealed.out());
        assertTrue(sealed.out().endsWith("pinbounce verify '" + data + "'\n"), sealed.out());
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
    }

    @Test
    void aProgramOpensSealedDataAsTheOutputSays() throws IOException {
        Path data = folder.data("data", 10_000);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        byte[] expected = Files.readAllBytes(data);
        byte[] read = new byte[10_000];
        DirectOptions options =
                DirectOptions.readWrite()
                        .directIo(DirectIo.PREFERRED)
                        .protection(Protection.t10(4096).sidecar());
        try (DirectFile file = DirectFile.open(data, options)) {
            file.read(MemorySegment.ofArray(read), 0);
            assertEquals(0, file.counts().unverifiedIntervals());
        }
        assertArrayEquals(expected, read);
    }

    @ParameterizedTest
    @CsvSource({
        "32b, 4096, none, 262144, 'Protection.of(PiContext.of(PiFormat.GUARD_32, 4096))'",
        "64b, 8192, journal, 1048576, 'Protection.of(PiContext.of(PiFormat.GUARD_64, 8192))'",
        "16b, 512, JOURNAL, 4194304, Protection.t10(512)"
    })
    void theSidecarIsMadeAsWanted(
            String format, int interval, String mode, long logSize, String call)
            throws IOException {
        Path data = folder.data("data", 100_000);
        Path sidecar = folder.resolve("elsewhere");
        Cli sealed =
                Cli.run(
                                "seal",
                                data,
                                "--format=" + format,
                                "--interval=" + interval,
                                "--mode=" + mode,
                                "--log-size=" + logSize,
                                "--sidecar=" + sidecar)
                        .requireStatus(ExitStatus.OK);
        String whole = call + ".sidecar(Path.of(\"" + sidecar + "\"))";
        assertTrue(sealed.out().contains(whole), sealed.out());
        Map<String, Object> info = Cli.run("info", data, "--sidecar", sidecar, "--json").json();
        assertEquals(format, info.get("format"));
        assertEquals((long) interval, info.get("interval"));
        assertEquals(mode.toUpperCase(Locale.ROOT), info.get("mode"));
        assertEquals(logSize, info.get("logSize"));
        Cli.run("verify", data, "--sidecar", sidecar).requireStatus(ExitStatus.OK);
    }

    @Test
    void sealingAgainChangesNothingAndAcceptsNoDamage() throws IOException {
        Path data = folder.data("data", 100_000);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        SidecarFolder.flip(data, 50_000);
        Cli again = Cli.run("seal", data).requireStatus(ExitStatus.OK);
        assertTrue(again.out().contains("(and were before)"), again.toString());
        Cli.run("verify", data).requireStatus(ExitStatus.FAILURE_FOUND);
    }

    @Test
    void anEmptyFileGetsASidecar() throws IOException {
        Path data = folder.data("data", 0);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
    }

    @ParameterizedTest
    @CsvSource({"--interval=8k, --interval", "--format=64b, --format", "--log-size=1m, --log-size"})
    void anOptionThatContradictsTheSidecarIsRefused(String option, String hint) throws IOException {
        Path data = folder.data("data", 100_000);
        Cli.run("seal", data, "--interval=4k", "--log-size=2m").requireStatus(ExitStatus.OK);
        Cli refused = Cli.run("seal", data, option).requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains(hint), refused.toString());
        Cli.run("seal", data, "--interval=4k", "--log-size=2m").requireStatus(ExitStatus.OK);
        Cli.run("seal", data, "--mode=none").requireStatus(ExitStatus.OK);
    }

    @Test
    void aCopyIsRefused() throws IOException {
        Path data = folder.data("data", 100_000);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        Path copy = Files.copy(data, folder.resolve("copy"));
        Files.copy(folder.resolve("data.pi"), folder.resolve("copy.pi"));
        Cli refused = Cli.run("seal", copy).requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("--adopt"), refused.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "--interval=1000, 512",
        "--interval=512 --format=32b, 4096",
        "--interval=4q, 64k",
        "--format=8b, 16b",
        "--mode=log, JOURNAL",
        "--log-size=5000, 4096",
        "--log-size=4096, 262144",
        "--depth=16, --depth"
    })
    void whatCannotBeDoneIsRefusedWithAHint(String options, String hint) throws IOException {
        Path data = folder.data("data", 10_000);
        Object[] words = ("seal " + data + " " + options).split(" ");
        Cli refused = Cli.run(words).requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains(hint), refused.toString());
        assertEquals("", refused.out());
        assertFalse(Files.exists(folder.resolve("data.pi")));
    }

    @Test
    void whatCannotBeSealedIsRefusedInOneSentence() throws IOException {
        Path missing = folder.resolve("missing");
        for (Path path : new Path[] {missing, Path.of("target"), Path.of("/dev/null")}) {
            Cli refused = Cli.run("seal", path).requireStatus(ExitStatus.UNUSABLE);
            assertEquals(1, refused.err().lines().count(), refused.toString());
        }
        assertFalse(Files.exists(folder.resolve("missing.pi")));
        assertFalse(Files.exists(Path.of("target.pi")));
    }

    @Test
    void aSidecarThatIsNamedIsNotForgotten() throws IOException {
        Path data = folder.data("data", 10_000);
        Path sidecar = folder.resolve("x".repeat(40));
        Cli.run("seal", data, "--sidecar", sidecar).requireStatus(ExitStatus.OK);
        Cli refused =
                Cli.run("seal", data, "--sidecar", sidecar, "--forget", "--yes")
                        .requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("remove it first"), refused.toString());
        Cli info = Cli.run("info", data, "--sidecar", sidecar, "--json");
        assertEquals("ATTRIBUTE", info.json().get("tie"));
    }

    @Test
    void theOldSidecarIsPutBackIfTheDataHasAnotherOne() throws IOException {
        Path data = folder.data("data", 10_000);
        Path wrong = folder.resolve("wrong");
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        Files.copy(folder.resolve("data.pi"), wrong);
        Cli refused =
                Cli.run("seal", data, "--sidecar", wrong, "--anew", "--yes")
                        .requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("remove it first"), refused.toString());
        assertTrue(Files.exists(wrong), "it is put back");
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
    }
}
