package io.pinbounce.cli;

import io.pinbounce.torture.CellResult;
import io.pinbounce.torture.TortureCell;
import io.pinbounce.torture.TortureProgress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** One line of a terminal that is written again and again, and is gone in the end. */
final class TortureLine implements TortureProgress, AutoCloseable {

    /** Back to the first column, and everything to its right is erased (ECMA-48, EL). */
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter terminal;

    private boolean written;

    TortureLine(PrintWriter terminal) {
        this.terminal = terminal;
    }

    @Override
    public void update(CellResult soFar, Duration left) {
        TortureCell cell = soFar.cell();
        terminal.printf(
                Locale.ROOT,
                ERASE + "%s  %s  %s  %,d operations  %,d torn  %d s left",
                cell.title(),
                ProbeReport.size(cell.size()),
                cell.mode(),
                soFar.counts().operations(),
                soFar.counts().wrong(),
                Math.max(0, left.toSeconds()));
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
