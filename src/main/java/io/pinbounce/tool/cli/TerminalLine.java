package io.pinbounce.tool.cli;

import java.io.PrintWriter;

/** One line of a terminal that is written again and again, and erased in the end. */
final class TerminalLine implements AutoCloseable {

    /** Back to the first column, and everything to its right is erased (ECMA-48, EL). */
    private static final String ERASE = "\r\u001b[K";

    /** A line that wraps could not be written again; few terminals are narrower. */
    private static final int COLUMNS = 79;

    private final PrintWriter terminal;

    private boolean written;

    TerminalLine(PrintWriter terminal) {
        this.terminal = terminal;
    }

    /** Replaces what the line says. */
    void write(String text) {
        terminal.print(ERASE + text.substring(0, Math.min(text.length(), COLUMNS)));
        terminal.flush();
        written = true;
    }

    @Override
    public void close() {
        if (written) {
            terminal.print(ERASE);
            terminal.flush();
        }
    }
}
