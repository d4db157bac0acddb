package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pinbounce.testing.Command;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class PrintableTest {

    /** It clears the screen, and turns around what follows it. */
    private static final String NASTY = "a\u001b[2Jb\u0007\u202ec";

    @ParameterizedTest
    @CsvSource({
        "plain name.dat, plain name.dat",
        "été-\uD83D\uDE00, été-\uD83D\uDE00",
        "a\u001b[31mb, a\\x1b[31mb",
        "a\u0085b, a\\u0085b",
        "a\u202eb, a\\u202eb",
        "a\u2028b, a\\u2028b",
        "a\uDB40\uDC01b, a\\U000e0001b"
    })
    void onlyWhatCommandsATerminalIsEscaped(String text, String shown) {
        assertEquals(shown, Printable.of(text));
    }

    @Test
    void lineFeedsAreEscaped() {
        assertEquals("a\\nb\\rc\\td", Printable.of("a\nb\rc\td"));
    }

    /** What is printed for a shell to run names the same file. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "two words",
                "it's",
                "a\nb",
                "a\u001b'\\b",
                "\u202e$x`y`\"z\"",
                "été"
            })
    void aShellReadsAQuotedWordBack(String word) {
        Requirements.tool("bash");
        Command bash =
                Command.run(
                        "env",
                        "LC_ALL=C.UTF-8",
                        "bash",
                        "-c",
                        "printf %s " + ShellWord.quote(word) + " | od -An -tx1 -v | tr -d ' \\n'");
        StringBuilder hex = new StringBuilder();
        for (byte b : word.getBytes(UTF_8)) {
            hex.append("%02x".formatted(b));
        }
        assertEquals(hex.toString(), bash.out(), bash::toString);
    }

    @Test
    void noCommandPrintsWhatANameCommandsATerminal(@TempDir Path folder) throws IOException {
        Path data = folder.resolve(NASTY);
        Files.write(data, new byte[8192]);
        String[][] commands = {
            {"probe", data.toString()},
            {"probe", data + "-missing"},
            {"seal", data.toString()},
            {"info", data.toString()},
            {"verify", data.toString()},
            {"verify", data.toString(), "--adopt"},
            {"reseal", data.toString(), "--interval", "0", "--yes"},
            {"verify", data.toString(), data.toString()},
            {"verify", data.toString(), "--no-such-" + NASTY},
            {"torture", data.toString()},
            {"bench", data.toString()},
            {"bench", data.toString(), "--csv", folder.resolve(NASTY + "/x").toString()},
            {"torture", data + "-new", "--seconds", "0.2", "--size", "1m"}
        };
        for (String[] words : commands) {
            Cli run = Cli.run((Object[]) words);
            String printed = run.out() + run.err();
            assertFalse(
                    printed.codePoints().anyMatch(c -> c != '\n' && Printable.isEscaped(c)),
                    () -> String.join(" ", words) + ": " + run);
        }
    }

    @Test
    void jsonGivesANameBack(@TempDir Path folder) throws IOException {
        Path data = folder.resolve(NASTY + "é");
        Files.write(data, new byte[8192]);
        Cli.run("seal", data).requireStatus(ExitStatus.OK);
        assertEquals(data.toString(), Cli.run("verify", data, "--json").json().get("path"));
        assertEquals(data + ".pi", Cli.run("info", data, "--json").json().get("sidecar"));
    }
}
