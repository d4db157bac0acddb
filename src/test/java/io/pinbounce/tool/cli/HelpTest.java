package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Every text of the help is a format: picocli warns of one that is none, and prints it raw. */
final class HelpTest {

    static Set<String> subcommands() {
        return Main.commandLine().getSubcommands().keySet();
    }

    /** What picocli prints past its writers while something runs. */
    private static String warnings(Runnable run) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            run.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("subcommands")
    void helpIsPrintedWithoutAWarning(String name) {
        String warnings = warnings(() -> Cli.run(name, "--help").requireStatus(ExitStatus.OK));
        assertEquals("", warnings);
    }

    @Test
    void helpOfTheRootIsPrintedWithoutAWarning() {
        assertEquals("", warnings(() -> Cli.run("--help").requireStatus(ExitStatus.OK)));
    }

    @Test
    void aPercentSignIsPrintedOnce() {
        Cli help = Cli.run("bench", "--help");
        assertTrue(help.out().contains("a probability of 95 %. A"), help::toString);
    }

    @Command(name = "wrong", description = "Half of 200 %. And no more.")
    private static final class Wrong {}

    @Test
    void canaryABarePercentSignIsSeen() {
        String warnings = warnings(() -> new CommandLine(new Wrong()).getUsageMessage());
        assertTrue(warnings.contains("picocli WARN"), warnings);
    }
}
