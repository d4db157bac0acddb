package io.pinbounce.engine;

import io.pinbounce.engine.SimulatedEngine.Fault;
import io.pinbounce.engine.SimulatedEngine.Outcome;

/**
 * What goes wrong on a simulated disk, as long as power is there. A power cut leaves the settings
 * as they are.
 */
public final class DiskFaults {

    private final SimulatedDisk disk;

    private Fault hook = _ -> Outcome.NORMAL;

    private int forceResult;

    private int truncateResult;

    DiskFaults(SimulatedDisk disk) {
        this.disk = disk;
    }

    /** Decides on all transfers from now on. */
    public void hook(Fault fault) {
        synchronized (disk) {
            hook = fault;
        }
    }

    /** What forces return from now on, without doing anything if negative. */
    public void forceResult(int result) {
        synchronized (disk) {
            forceResult = result;
        }
    }

    /** What truncations return from now on, without doing anything if negative. */
    public void truncateResult(int result) {
        synchronized (disk) {
            truncateResult = result;
        }
    }

    /** Whether a force fails; 0, or {@code -errno}. */
    int force() {
        return Math.min(0, forceResult);
    }

    /** Whether a truncation fails; 0, or {@code -errno}. */
    int truncate() {
        return Math.min(0, truncateResult);
    }

    /** What happens to a transfer. */
    Outcome outcome(Submission submission) {
        return hook.decide(submission);
    }
}
