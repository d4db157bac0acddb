package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * How the tool ended, run in place.
 *
 * @param status its exit status
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record Cli(int status, String out, String err) {

    /** Runs it with arguments, each turned into text. */
    static Cli run(Object... arguments) {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                Main.commandLine(words)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        int status = Main.run(line, words);
        return new Cli(status, out.toString(), err.toString());
    }

    /** Fails unless it ended so, and said nothing on standard error but errors. */
    Cli requireStatus(int expected) {
        assertEquals(expected, status, toString());
        if (expected != ExitStatus.UNUSABLE) {
            assertEquals("", err, toString());
        }
        return this;
    }

    /** The lines of standard output that start with some text. */
    List<String> lines(String start) {
        return out.lines().filter(line -> line.startsWith(start)).toList();
    }

    /** What was printed, as one JSON object. */
    @SuppressWarnings("unchecked")
    Map<String, Object> json() {
        return (Map<String, Object>) JsonReader.read(out);
    }

    @Override
    public String toString() {
        return "status=" + status + " out=[" + out + "] err=[" + err + "]";
    }
}
