package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Sentence;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

final class MainTest {

    private final StringWriter out = new StringWriter();

    private final StringWriter err = new StringWriter();

    @AfterEach
    void forgetDebugging() {
        System.clearProperty("pinbounce.debug");
    }

    @Test
    void versionGoesToStandardOutput() {
        assertEquals(0, run(() -> 0, "--version"));
        assertTrue(out.toString().startsWith("pinbounce "), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void helpListsTheExitStatuses() {
        assertEquals(0, run(() -> 0, "--help"));
        assertTrue(out.toString().contains("3   inconclusive"), out.toString());
    }

    @Test
    void helpAndVersionReachSubcommands() {
        assertEquals(0, run(() -> 1, "sub", "--help"));
        assertEquals(0, run(() -> 1, "sub", "--version"));
    }

    @Test
    void badUsageNamesTheArgumentAndEndsWithTwo() {
        assertEquals(2, run(() -> 0, "--no-such-option"));
        assertTrue(err.toString().contains("--no-such-option"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void noSubcommandIsBadUsage() {
        assertEquals(2, run(() -> 0));
        assertTrue(err.toString().contains("subcommand"), err.toString());
    }

    @Test
    void theSubcommandsStatusPassesThrough() {
        assertEquals(ExitStatus.INCONCLUSIVE, run(() -> ExitStatus.INCONCLUSIVE, "sub"));
        assertEquals(ExitStatus.FAILURE_FOUND, run(() -> ExitStatus.FAILURE_FOUND, "sub"));
    }

    @Test
    void anExceptionIsPrintedAsOneSentence() {
        int status = run(failing(new FileNotFoundException("cannot open it:\n  path=/x")), "sub");
        assertEquals(2, status);
        assertEquals("pinbounce: cannot open it: path=/x\n", err.toString());
    }

    @Test
    void aMessageThatIsOnlyAPathGetsTheExceptionsName() {
        run(failing(new NoSuchFileException("/dev/none")), "sub");
        assertEquals("pinbounce: NoSuchFileException: /dev/none\n", err.toString());
    }

    @Test
    void anExceptionWithoutAMessageSaysHowToSeeMore() {
        run(failing(new IllegalStateException()), "sub");
        assertEquals(
                "pinbounce: java.lang.IllegalStateException (--debug shows where)\n",
                err.toString());
    }

    @Test
    void anErrorEndsWithTwoAndNotAsAFailureFound() {
        Callable<Integer> unlinked =
                () -> {
                    throw new UnsatisfiedLinkError("native access is denied");
                };
        assertEquals(2, run(unlinked, "sub"));
        assertEquals("pinbounce: native access is denied\n", err.toString());
    }

    @Test
    void debugPrintsTheStackTrace() {
        run(failing(new IllegalStateException("broken in two")), "sub", "--debug");
        assertTrue(err.toString().contains("at io.pinbounce"), err.toString());
    }

    @Test
    void theDebugPropertyPrintsTheStackTrace() {
        System.setProperty("pinbounce.debug", "");
        run(failing(new IllegalStateException("broken in two")), "sub");
        assertTrue(err.toString().contains("at io.pinbounce"), err.toString());
    }

    @Test
    void nothingIsColouredIntoAPipe() {
        run(() -> 0, "--help");
        run(() -> 0, "--no-such-option");
        assertFalse((out.toString() + err).contains("\u001b"), out.toString() + err);
    }

    @Test
    void onlyTheCommandThatIsNamedIsMade() {
        CommandLine all = Main.commandLine("--help");
        List<String> names = List.copyOf(all.getSubcommands().keySet());
        assertEquals(
                List.of("torture", "bench", "probe", "seal", "verify", "info", "reseal"), names);
        all.getSubcommands()
                .forEach(
                        (name, command) -> {
                            CommandLine one = Main.commandLine("--debug", name);
                            assertEquals(Set.of(name), one.getSubcommands().keySet());
                            Class<?> type = command.getCommand().getClass();
                            assertEquals(name, type.getAnnotation(Command.class).name());
                        });
        assertEquals(names.size(), Main.commandLine("benhc").getSubcommands().size());
    }

    private int run(Callable<Integer> body, String... args) {
        CommandLine commandLine = Main.commandLine();
        commandLine.addSubcommand("sub", new Sub(body));
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Main.run(commandLine, args);
    }

    private static Callable<Integer> failing(Exception failure) {
        return () -> {
            throw failure;
        };
    }

    @Command(name = "sub")
    private static final class Sub implements Callable<Integer> {

        private final Callable<Integer> body;

        Sub(Callable<Integer> body) {
            this.body = body;
        }

        @Override
        public Integer call() throws Exception {
            return body.call();
        }
    }

    @Test
    void errorsOfCommandsNameEachValueOnce(@TempDir Path folder) throws IOException {
        Path data = Files.write(folder.resolve("data"), new byte[8192]);
        Path junk = Files.write(folder.resolve("junk"), new byte[8192]);
        Files.writeString(folder.resolve("junk.pi"), "no sidecar".repeat(1000));
        Path none = folder.resolve("none");
        assertSentence("verify", none);
        assertSentence("verify", data);
        assertSentence("verify", junk);
        assertSentence("info", junk);
        assertSentence("seal", junk);
        assertSentence("seal", none);
        assertSentence("seal", folder);
        assertSentence("seal", "--sidecar=" + none.resolve("x.pi"), data);
        assertSentence("seal", "--sidecar=" + data, data);
        assertSentence("probe", none);
        assertSentence("torture", none.resolve("x"));
        Cli.run("seal", data).requireStatus(0);
        Path copy = Files.copy(data, folder.resolve("copy"));
        Files.copy(folder.resolve("data.pi"), folder.resolve("copy.pi"));
        assertSentence("verify", copy);
    }

    private static void assertSentence(Object... arguments) {
        Cli run = Cli.run(arguments);
        assertEquals(ExitStatus.UNUSABLE, run.status(), run.toString());
        assertEquals(1, run.err().lines().count(), run.toString());
        Sentence.check(run.err());
    }
}
