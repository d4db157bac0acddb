package io.pinbounce.tool.cli;

import org.jspecify.annotations.Nullable;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;

/**
 * Standard output, which keeps the first error instead of hiding it as {@code System.out} does, so
 * that a result which could not be written is not taken for one.
 */
final class StandardOutput extends OutputStream {

    private final OutputStream stream;

    private @Nullable IOException failure;

    /** Writes to where the process was told to. */
    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    StandardOutput(OutputStream stream) {
        this.stream = stream;
    }

    /** A writer in the encoding of the terminal or the locale; each line is written at once. */
    PrintWriter writer() {
        return new PrintWriter(
                new BufferedWriter(new OutputStreamWriter(this, System.out.charset())), true);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (failure == null) {
            try {
                stream.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    /**
     * Tells of results that could not be written, but not of a reader of a pipe that has read
     * enough.
     *
     * @param status how the command has ended
     * @param err where to tell
     * @return a status that is not that of success, if something could not be written
     */
    int status(int status, PrintWriter err) {
        IOException lost = failure;
        if (lost == null) {
            return status;
        }
        if (!StandardStream.OUTPUT.isPipe()) {
            err.println(
                    "pinbounce: the result could not be written to standard output: "
                            + lost.getMessage());
            err.flush();
        }
        return status == ExitStatus.OK ? ExitStatus.UNUSABLE : status;
    }
}
