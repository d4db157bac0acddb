package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;

final class ResealCommandTest {

    private SidecarFolder folder;

    private Path data;

    @BeforeEach
    void damageSealedData() throws IOException {
        folder = SidecarFolder.make();
        data = folder.data("data", 100_000);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        for (int interval : new int[] {5, 7, 24}) {
            SidecarFolder.flip(data, interval * 4096L + 3);
        }
    }

    @AfterEach
    void removeAll() throws IOException {
        folder.close();
    }

    @Test
    void intervalsAreShownAndThenProtectedAsTheyAre() {
        Cli done = reseal("5..7", "--yes").requireStatus(ExitStatus.OK);
        assertEquals(2, done.lines("bad: interval=").size(), done.toString());
        assertEquals(
                1,
                done.lines("interval 5..7: 2 bad, 0 unreadable, 0 unprotected, 1 clean").size(),
                done.toString());
        assertEquals(1, done.lines("Accepted: interval 5..7 ").size(), done.toString());
        Cli left = Cli.run("verify", data).requireStatus(ExitStatus.FAILURE_FOUND);
        assertEquals(1, left.lines("bad: interval=24 ").size(), left.toString());
        assertEquals(1, left.lines("bad").size(), left.toString());
    }

    @Test
    void oneIntervalOrAShortLastOneIsAccepted() {
        reseal("5..7", "--yes").requireStatus(ExitStatus.OK);
        Cli done = reseal("24", "--yes").requireStatus(ExitStatus.OK);
        assertEquals(1, done.lines("interval 24: 1 bad,").size(), done.toString());
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
    }

    @Test
    void withoutATerminalNothingIsResealed() {
        Cli refused = reseal("5").requireStatus(ExitStatus.UNUSABLE);
        assertEquals(1, refused.lines("bad: interval=5 ").size(), refused.toString());
        assertTrue(refused.err().contains("--yes"), refused.toString());
        assertFalse(refused.out().contains("Accepted"), refused.toString());
        Cli left = Cli.run("verify", data).requireStatus(ExitStatus.FAILURE_FOUND);
        assertEquals(3, left.lines("bad").size(), left.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "7..5, 7..5",
        "five, five",
        "-1, -1",
        "5.., 5..",
        "25, not all",
        "20..25, not all",
        "99999999999999999, not all",
        "12345678901234567890, 7..9"
    })
    void intervalsThatAreNotThereAreRefused(String intervals, String hint) {
        Cli refused = reseal(intervals, "--yes").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains(hint), refused.toString());
        assertEquals("", refused.out());
    }

    @Test
    void theIntervalMustBeNamed() {
        Cli refused = Cli.run("reseal", data, "--yes").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("--interval"), refused.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "Y", " yes "})
    void yAndYesAccept(String answer) {
        assertTrue(Question.isYes(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n", "ok", "yy"})
    void anyOtherAnswerDeclines(String answer) {
        assertFalse(Question.isYes(answer));
        assertFalse(Question.isYes(null));
    }

    private Cli reseal(String intervals, String... options) {
        Object[] words = new Object[3 + options.length];
        words[0] = "reseal";
        words[1] = data;
        words[2] = "--interval=" + intervals;
        System.arraycopy(options, 0, words, 3, options.length);
        return Cli.run(words);
    }
}
