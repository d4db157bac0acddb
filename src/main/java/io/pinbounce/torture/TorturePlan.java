package io.pinbounce.torture;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What to run. Positions and mutations follow from it; how threads interleave does not.
 *
 * @param cells in this order
 * @param limit when each is done
 * @param seed of everything that is chosen at random
 */
public record TorturePlan(List<TortureCell> cells, Limit limit, long seed) {

    /** When a cell is done. */
    public sealed interface Limit {

        /**
         * By the clock.
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
         * @param perCell operations in each cell
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
        Objects.requireNonNull(limit, "limit");
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("a run has at least one case, size and mode");
        }
    }

    int largestSize() {
        return cells.stream().mapToInt(TortureCell::size).max().orElseThrow();
    }
}
