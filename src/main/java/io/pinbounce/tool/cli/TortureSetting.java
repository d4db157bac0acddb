package io.pinbounce.tool.cli;

import io.pinbounce.DirectQueue;
import io.pinbounce.tool.scratch.ScratchTarget;
import io.pinbounce.tool.torture.TorturePlan;
import io.pinbounce.tool.torture.WorkingSet;

/**
 * What is run, where, and by what.
 *
 * @param plan the cells
 * @param target the file or device
 * @param set what of it is used
 * @param queue for operations that are in flight together
 */
record TortureSetting(TorturePlan plan, ScratchTarget target, WorkingSet set, DirectQueue queue) {

    /** Whether any cell makes blocking calls. */
    boolean blocks() {
        return plan.cells().stream().anyMatch(plan::isBlocking);
    }

    /** Whether any cell goes through the queue. */
    boolean queues() {
        return !plan.cells().stream().allMatch(plan::isBlocking);
    }
}
