package io.pinbounce.tool.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;

/** Whether a result is printed for people or for programs, and which files it goes to. */
final class OutputOptions {

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            converter = OutputFile.Converter.class,
            description = "Write the result as comma-separated values to a file as well.")
    private @Nullable OutputFile csv;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            converter = OutputFile.Converter.class,
            description = "Write one page with charts to a file as well.")
    private @Nullable OutputFile html;

    /** Makes the text of a file. */
    interface Text {

        String make() throws IOException;
    }

    /** Whether standard output is for a program. */
    boolean isJson() {
        return json;
    }

    /** Writes the files that were asked for; the text of any other file is not made. */
    void writeFiles(Text lines, Text page) throws IOException {
        if (csv != null) {
            csv.write(lines.make());
        }
        if (html != null) {
            html.write(page.make());
        }
    }
}
