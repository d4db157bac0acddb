package io.pinbounce.tool.cli;

import io.pinbounce.Host;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The root command {@code pinbounce}: hands over to a subcommand and reports how it ended. */
@Command(
        name = "pinbounce",
        description = {
            "Tests and measures direct I/O that pins its buffers, or bounces them, on a real"
                    + " target; and looks after data that is guarded by a sidecar.",
            ""
        },
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        exitCodeOnSuccess = ExitStatus.OK,
        exitCodeOnInvalidInput = ExitStatus.UNUSABLE,
        exitCodeOnExecutionException = ExitStatus.UNUSABLE,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done, and nothing wrong was found",
            "1:a failure was found: of a test, of a measurement, of data or of its sidecar",
            "2:bad usage, or the target cannot be opened, or the result not written",
            "3:inconclusive, too little was seen for a verdict"
        })
public final class Main {

    /** Does what {@code --debug} does where the command line cannot be changed. */
    private static final String DEBUG_PROPERTY = "pinbounce.debug";

    private static final String LOGGING = "java.util.logging.config.file";

    /** The subcommands, in the order of the help. */
    private static final List<Map.Entry<String, Class<?>>> COMMANDS =
            List.of(
                    Map.entry("torture", TortureCommand.class),
                    Map.entry("bench", BenchCommand.class),
                    Map.entry("probe", ProbeCommand.class),
                    Map.entry("seal", SealCommand.class),
                    Map.entry("verify", VerifyCommand.class),
                    Map.entry("info", InfoCommand.class),
                    Map.entry("reseal", ResealCommand.class));

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error.")
    private boolean debug;

    private Main() {}

    /**
     * Runs the tool and ends the JVM with its exit status.
     *
     * @param args the command line, as {@code pinbounce --help} describes it
     */
    public static void main(String[] args) {
        beQuiet();
        Host.warmUp();
        StandardOutput out = new StandardOutput();
        CommandLine commandLine = commandLine(args).setOut(out.writer());
        String complaint = Arguments.complaint(args);
        int status =
                complaint == null
                        ? run(commandLine, args)
                        : report(new IOException(complaint), commandLine, false);
        commandLine.getOut().flush();
        System.exit(out.status(status, commandLine.getErr()));
    }

    /** The commands print what the library logs; without a configuration there is no handler. */
    private static void beQuiet() {
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "/dev/null");
        }
    }

    /**
     * The tool as a value, for tests that run it in place and look at what it prints. Reading the
     * annotations of a command takes time, so if the arguments name a command, only that one is
     * added.
     *
     * @param args what {@link #run} is going to get
     * @return a new command line, writing to standard output and standard error
     */
    static CommandLine commandLine(String... args) {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main);
        String named = Stream.of(args).filter(word -> !word.startsWith("-")).findFirst().orElse("");
        boolean known = COMMANDS.stream().anyMatch(command -> command.getKey().equals(named));
        COMMANDS.stream()
                .filter(command -> !known || command.getKey().equals(named))
                .forEach(
                        command -> commandLine.addSubcommand(command.getKey(), command.getValue()));
        return commandLine
                .setParameterExceptionHandler((failure, _) -> reject(failure))
                .setColorScheme(CommandLine.Help.defaultColorScheme(colours()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(
                        (failure, command, parsed) ->
                                report(failure, command, main.debug || debugProperty()));
    }

    /**
     * Runs one command line and never throws.
     *
     * @param commandLine what {@link #commandLine} made
     * @param args the arguments
     * @return the exit status
     */
    static int run(CommandLine commandLine, String... args) {
        try {
            return commandLine.execute(args);
        } catch (Error failure) {
            // picocli handles exceptions only, and the JVM's own status for an uncaught error is 1,
            // which here would read as "the test found a failure".
            return report(failure, commandLine, debugProperty());
        }
    }

    /** The same as picocli does, with what was typed in a form that is safe to print. */
    private static int reject(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        String message = Printable.of(String.valueOf(failure.getMessage()));
        err.println(command.getColorScheme().errorText(message));
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            command.usage(err, command.getColorScheme());
        }
        return ExitStatus.UNUSABLE;
    }

    private static int report(Throwable failure, CommandLine commandLine, boolean debug) {
        PrintWriter err = commandLine.getErr();
        err.println(commandLine.getColorScheme().errorText("pinbounce: " + sentence(failure)));
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitStatus.UNUSABLE;
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getName() + " (--debug shows where)";
        }
        String line = Printable.of(message.strip().replaceAll("\\s*\\R\\s*", " "));
        // A message of one word is a bare value, such as a path: the type says what is wrong.
        return line.indexOf(' ') < 0 ? failure.getClass().getSimpleName() + ": " + line : line;
    }

    private static boolean debugProperty() {
        String value = System.getProperty(DEBUG_PROPERTY, "false");
        return !value.equals("false"); // a bare -Dpinbounce.debug is the empty string
    }

    /** Help goes to one stream and errors to the other: colour only if both are terminals. */
    private static Ansi colours() {
        boolean wanted =
                StandardStream.OUTPUT.isTerminal()
                        && StandardStream.ERROR.isTerminal()
                        && System.getenv("NO_COLOR") == null
                        && !"dumb".equals(System.getenv("TERM"));
        return wanted ? Ansi.ON : Ansi.OFF;
    }
}
