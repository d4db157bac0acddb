package io.pinbounce.tool.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that is written when a run is over, and checked before it begins.
 *
 * @param path where
 */
record OutputFile(Path path) {

    /** Checks what can be checked before there is anything to write. */
    static final class Converter implements ITypeConverter<OutputFile> {

        @Override
        public OutputFile convert(String value) {
            Path path = Path.of(value);
            Path folder = path.toAbsolutePath().getParent();
            boolean possible =
                    Files.exists(path)
                            ? Files.isRegularFile(path) && Files.isWritable(path)
                            : folder != null && Files.isWritable(folder);
            if (!possible) {
                throw new TypeConversionException("no file can be written there: '" + value + "'");
            }
            return new OutputFile(path);
        }
    }

    void write(String text) throws IOException {
        try {
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new IOException(
                    "the result could not be written, path=" + path + ": " + e.getMessage(), e);
        }
    }
}
