package io.pinbounce.tool.cli;

import io.pinbounce.tool.scrub.ScrubListener;
import io.pinbounce.tool.scrub.ScrubProgress;

import java.io.PrintWriter;

/** How a scrub or a sealing is getting on, on standard error if that is a terminal. */
final class ScrubLine implements ScrubListener, AutoCloseable {

    private static final int BAR = 16;

    private final TerminalLine line;

    private final boolean seen = StandardStream.ERROR.isTerminal();

    ScrubLine(PrintWriter err) {
        line = new TerminalLine(err);
    }

    @Override
    public void update(ScrubProgress soFar) {
        if (seen) {
            line.write(text(soFar));
        }
    }

    static String text(ScrubProgress soFar) {
        double share = soFar.total() == 0 ? 1 : soFar.done() / (double) soFar.total();
        int full = (int) (share * BAR);
        return "[%s%s] %3d %%  %s of %s  %s/s  %s left  %s bad"
                .formatted(
                        "#".repeat(full),
                        ".".repeat(BAR - full),
                        (int) (share * 100),
                        Figures.bytes(soFar.done()),
                        Figures.bytes(soFar.total()),
                        Figures.bytes((long) soFar.bytesPerSecond()),
                        Figures.time(soFar.left()),
                        Figures.number(soFar.bad()));
    }

    @Override
    public void close() {
        line.close();
    }
}
