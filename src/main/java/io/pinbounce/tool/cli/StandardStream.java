package io.pinbounce.tool.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The three streams that every process is started with. */
enum StandardStream {
    INPUT(0),
    OUTPUT(1),
    ERROR(2);

    private final int descriptor;

    StandardStream(int descriptor) {
        this.descriptor = descriptor;
    }

    /** {@code System.console()} says nothing of standard error, and costs time at start. */
    boolean isTerminal() {
        String target = target();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    }

    /** Whether another process is to read it, or to write it. */
    boolean isPipe() {
        String target = target();
        return target.startsWith("pipe:") || target.startsWith("socket:");
    }

    private String target() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
        } catch (IOException e) {
            return ""; // the stream is closed, or there is no /proc
        }
    }
}
