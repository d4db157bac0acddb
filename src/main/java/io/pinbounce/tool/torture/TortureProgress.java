package io.pinbounce.tool.torture;

import java.time.Duration;

/** Hears several times a second how a run is getting on, on the thread that runs it. */
@FunctionalInterface
public interface TortureProgress {

    /**
     * Some operations are done.
     *
     * @param soFar counts of the cell that is running
     * @param left what the whole run still takes, as far as one can tell
     */
    void update(CellResult soFar, Duration left);
}
