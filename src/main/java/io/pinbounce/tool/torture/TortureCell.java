package io.pinbounce.tool.torture;

import io.pinbounce.DirectQueue;
import io.pinbounce.Transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One combination of the test: a case at one size, moved in one mode.
 *
 * @param kind what happens to the buffer
 * @param size bytes that an operation moves, a multiple of {@value #INTERVAL}
 * @param mode how it moves them
 * @param depth operations in flight together, 1 to {@value DirectQueue#MAX_DEPTH}
 */
public record TortureCell(TortureCase kind, int size, Transfer mode, int depth) {

    /** Bytes that one tuple of protection information guards. */
    public static final int INTERVAL = 4096;

    private static final long MAX_MEMORY = 1L << 30;

    /** Checks that the size fits the intervals, and the depth the case and the memory. */
    public TortureCell {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(mode, "mode");
        if (size <= 0 || size % INTERVAL != 0) {
            throw new IllegalArgumentException(
                    "the size of an operation is a multiple of 4096 bytes, what one tuple guards:"
                            + (" size=" + size));
        }
        if (depth < kind.leastDepth() || depth > DirectQueue.MAX_DEPTH) {
            throw new IllegalArgumentException(
                    kind.label()
                            + (" has a depth of " + kind.leastDepth())
                            + (" to " + DirectQueue.MAX_DEPTH + ": depth=" + depth));
        }
        if ((long) size * depth > MAX_MEMORY) {
            throw new IllegalArgumentException(
                    "operations in flight have buffers of 1 GiB at the most; take a smaller --size"
                            + (" or --depth: size=" + size + " depth=" + depth));
        }
    }

    /**
     * Combines each case that is possible at a depth with each size and each mode.
     *
     * @param depth operations in flight together
     * @param kinds the cases, run in this order
     * @param sizes bytes
     * @param modes the modes
     * @return all combinations, the last parameter changing fastest
     */
    public static List<TortureCell> all(
            int depth, List<TortureCase> kinds, List<Integer> sizes, List<Transfer> modes) {
        List<TortureCell> cells = new ArrayList<>();
        for (TortureCase kind : kinds) {
            if (depth < kind.leastDepth()) {
                continue;
            }
            for (int size : sizes) {
                for (Transfer mode : modes) {
                    cells.add(new TortureCell(kind, size, mode, depth));
                }
            }
        }
        return List.copyOf(cells);
    }

    /**
     * Whether it shows that the test can see tears.
     *
     * @return true for {@link Transfer#PIN} where that tears
     */
    public boolean isControl() {
        return mode == Transfer.PIN && kind.hasControl();
    }

    /**
     * Whether the target may find fault with what it is given.
     *
     * @return true for {@link Transfer#PIN} where nothing guards the data
     */
    public boolean mayBeRefused() {
        return mode == Transfer.PIN && !kind.isGuarded();
    }

    /**
     * What happens to the buffers, and how many there are.
     *
     * @return such as {@code "write-race"}, or {@code "write-race at depth 16"}
     */
    public String title() {
        return kind.label() + (depth == 1 ? "" : " at depth " + depth);
    }

    /** Bytes of the target that are used at once. */
    long room() {
        return (long) size * (kind.leastDepth() == 1 ? 1 : depth / 2);
    }

    /** Depends on nothing but the run's seed and the cell, so that a cell repeats on its own. */
    long seed(long runSeed) {
        return 31 * runSeed + (title() + " " + size + " " + mode.name()).hashCode();
    }
}
