package io.pinbounce.tool.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;

/** A question to the user at the terminal; without a terminal, the answer is no. */
final class Question {

    private Question() {}

    /**
     * Asks.
     *
     * @param spec of the command that asks
     * @param question in words
     * @return whether the answer is yes
     */
    static boolean ask(CommandSpec spec, String question) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        if (!StandardStream.INPUT.isTerminal()) {
            err.println(
                    "pinbounce: nothing was changed: there is no terminal to ask on, --yes says yes"
                            + " in advance");
            err.flush();
            return false;
        }
        err.print(question + " [y/N] ");
        err.flush();
        // Not closed: standard input is not ours.
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        boolean accepted = isYes(in.readLine());
        if (!accepted) {
            err.println("pinbounce: nothing was changed");
            err.flush();
        }
        return accepted;
    }

    static boolean isYes(@Nullable String answer) {
        return answer != null
                && switch (answer.strip().toLowerCase(Locale.ROOT)) {
                    case "y", "yes" -> true;
                    default -> false;
                };
    }
}
