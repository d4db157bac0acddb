package io.pinbounce.torture;

import io.pinbounce.Transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One square of the test: a case at one size, moved in one way.
 *
 * @param kind what happens to the buffer
 * @param size bytes that an operation moves, a multiple of {@value #INTERVAL}
 * @param mode how it moves them
 */
public record TortureCell(TortureCase kind, int size, Transfer mode) {

    /** Bytes that one tuple of protection information guards. */
    public static final int INTERVAL = 4096;

    /** Checks that the size fits the intervals. */
    public TortureCell {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(mode, "mode");
        if (size <= 0 || size % INTERVAL != 0) {
            throw new IllegalArgumentException(
                    "the size of an operation is a multiple of 4096 bytes, what one tuple guards:"
                            + (" size=" + size));
        }
    }

    /**
     * Combines each case with each size and each mode.
     *
     * @param kinds the cases, run in this order
     * @param sizes bytes
     * @param modes the modes
     * @return all combinations, the last parameter changing fastest
     */
    public static List<TortureCell> all(
            List<TortureCase> kinds, List<Integer> sizes, List<Transfer> modes) {
        List<TortureCell> cells = new ArrayList<>();
        for (TortureCase kind : kinds) {
            for (int size : sizes) {
                for (Transfer mode : modes) {
                    cells.add(new TortureCell(kind, size, mode));
                }
            }
        }
        return List.copyOf(cells);
    }

    /** Depends on nothing but the run's seed and the cell, so that a cell repeats on its own. */
    long seed(long runSeed) {
        return 31 * runSeed + (kind.label() + " " + size + " " + mode.name()).hashCode();
    }
}
