package io.pinbounce.tool.torture;

import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What to run. Positions and mutations follow from it; how threads interleave does not.
 *
 * @param cells in this order
 * @param engine what moves the data of operations that are in flight together
 * @param limit when each is done
 * @param seed of everything that is chosen at random
 */
public record TorturePlan(List<TortureCell> cells, Engine engine, Limit limit, long seed) {

    /** When a cell is done. */
    public sealed interface Limit {

        /**
         * By the clock; but a cell that has not shown what it is there for goes on until it does,
         * or has operated 200 times.
         *
         * @param total for the whole run, shared evenly by the cells
         */
        record Time(Duration total) implements Limit {

            /** Checks that there is some time. */
            public Time {
                if (!total.isPositive()) {
                    throw new IllegalArgumentException("a run takes some time: total=" + total);
                }
            }
        }

        /**
         * By counting.
         *
         * @param perCell operations in each cell; those in flight together are not cut short
         */
        record Operations(long perCell) implements Limit {

            /** Checks that there is something to do. */
            public Operations {
                if (perCell <= 0) {
                    throw new IllegalArgumentException(
                            "a cell has at least one operation: operations=" + perCell);
                }
            }
        }
    }

    /** Checks that there is something to run. */
    public TorturePlan {
        cells = List.copyOf(cells);
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(limit, "limit");
        if (cells.isEmpty()) {
            throw new IllegalArgumentException(
                    "a run has at least one case, size and mode; out-of-order and rewrite need a"
                            + " --depth of 2 or more");
        }
    }

    /**
     * Whether a cell makes blocking calls: one operation at a time does, unless a ring is wanted.
     *
     * @param cell one of the plan's
     * @return false if it goes through a queue
     */
    public boolean isBlocking(TortureCell cell) {
        return cell.depth() == 1 && engine != Engine.REQUIRED_URING;
    }

    /**
     * Opens a queue that is deep enough for all cells.
     *
     * @return for the thread that calls, which has to run the test; close it afterwards
     * @throws IOException if the engine cannot be had: the message says why and what to do
     */
    public DirectQueue openQueue() throws IOException {
        int depth = cells.stream().mapToInt(TortureCell::depth).max().orElseThrow();
        return DirectQueue.open(depth, engine);
    }
}
