package io.pinbounce.tool.cli;

import picocli.CommandLine.Model.CommandSpec;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Quotes words for a shell. */
final class ShellWord {

    private ShellWord() {}

    static String quote(String word) {
        if (word.codePoints().anyMatch(Printable::isEscaped)) {
            // As bash reads it: a backslash and an apostrophe have a meaning there, too.
            return "$'" + Printable.of(word.replace("\\", "\\\\").replace("'", "\\'")) + "'";
        }
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The command line that was typed. */
    static String line(CommandSpec spec) {
        return Stream.concat(
                        Stream.of("pinbounce"),
                        spec.root().commandLine().getParseResult().originalArgs().stream())
                .map(ShellWord::quote)
                .collect(Collectors.joining(" "));
    }
}
