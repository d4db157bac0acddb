package io.pinbounce.tool.torture;

import java.time.Duration;

/** Is told several times a second how a run is getting on, on the thread that runs it. */
@FunctionalInterface
public interface TortureProgress {

    /**
     * Some operations are done.
     *
     * @param soFar counts of the cell that is running
     * @param left what the whole run still takes, by estimate
     */
    void update(CellResult soFar, Duration left);
}
