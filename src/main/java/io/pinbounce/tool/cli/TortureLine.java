package io.pinbounce.tool.cli;

import io.pinbounce.tool.torture.CellResult;
import io.pinbounce.tool.torture.TortureCell;
import io.pinbounce.tool.torture.TortureProgress;

import java.io.PrintWriter;
import java.time.Duration;

/** How a torture test is getting on, on a terminal. */
final class TortureLine implements TortureProgress, AutoCloseable {

    private final TerminalLine line;

    TortureLine(PrintWriter terminal) {
        line = new TerminalLine(terminal);
    }

    @Override
    public void update(CellResult soFar, Duration left) {
        TortureCell cell = soFar.cell();
        line.write(
                "%s  %s  %s  %s operations  %s torn  %d s left"
                        .formatted(
                                cell.title(),
                                ProbeReport.size(cell.size()),
                                cell.mode(),
                                Figures.number(soFar.counts().operations()),
                                Figures.number(soFar.counts().wrong()),
                                Math.max(0, left.toSeconds())));
    }

    @Override
    public void close() {
        line.close();
    }
}
