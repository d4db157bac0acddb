package io.pinbounce.tool.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What every column does in its turn.
 *
 * @param direction of the data
 * @param pattern of the positions
 * @param size bytes in a request
 */
public record BenchRow(Direction direction, AccessPattern pattern, int size) {

    /** Checks that guards and disks can have such a size. */
    public BenchRow {
        if (size < Column.INTERVAL || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(
                    "a request has 4096 bytes, or 2, 4, 8 ... times as many, such as 64k or 1m:"
                            + (" size=" + size));
        }
    }

    /**
     * All combinations, reads before writes.
     *
     * @param directions of the data
     * @param patterns of the positions
     * @param sizes of requests
     * @return a row each
     */
    public static List<BenchRow> all(
            List<Direction> directions, List<AccessPattern> patterns, List<Integer> sizes) {
        List<BenchRow> rows = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            for (AccessPattern pattern : AccessPattern.values()) {
                for (int size : sizes) {
                    if (directions.contains(direction) && patterns.contains(pattern)) {
                        rows.add(new BenchRow(direction, pattern, size));
                    }
                }
            }
        }
        return rows;
    }

    /**
     * Its name for people, without the size.
     *
     * @return for example {@code "sequential read"}
     */
    public String title() {
        return (pattern + " " + direction).toLowerCase(Locale.ROOT);
    }

    Traffic traffic(int depth, long span) {
        return new Traffic(direction, pattern, size, depth, Traffic.NEVER, span);
    }
}
