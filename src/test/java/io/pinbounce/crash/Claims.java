package io.pinbounce.crash;

import java.util.BitSet;
import java.util.Random;

/** Cells that are being written; no two writes that are under way share an interval. */
final class Claims {

    private static final int LONGEST_RUN = 16; // intervals

    private final CrashLayout layout;

    private final BitSet taken = new BitSet(); // intervals

    Claims(CrashLayout layout) {
        this.layout = layout;
    }

    /** The most bytes of a claim. */
    static long mostBytes(CrashLayout layout) {
        return (long) LONGEST_RUN * layout.interval();
    }

    /**
     * Cells that follow each other.
     *
     * @param first of them
     * @param count how many
     */
    record Claim(int first, int count) {

        private int firstInterval() {
            return first / CrashLayout.CELLS;
        }

        private int endInterval() {
            return (first + count - 1) / CrashLayout.CELLS + 1;
        }
    }

    /** Takes a single interval, a run of them, or a few cells, wherever that is free. */
    synchronized Claim take(Random random) {
        while (true) {
            Claim claim =
                    switch (random.nextInt(5)) {
                        case 0, 1 -> intervals(random, 1);
                        case 2, 3 -> intervals(random, 1 + random.nextInt(LONGEST_RUN));
                        default -> cells(random, 1 + random.nextInt(2 * CrashLayout.CELLS));
                    };
            if (taken.get(claim.firstInterval(), claim.endInterval()).isEmpty()) {
                taken.set(claim.firstInterval(), claim.endInterval());
                return claim;
            }
        }
    }

    private Claim intervals(Random random, int count) {
        int first = random.nextInt(layout.intervals() - count + 1);
        return new Claim(first * CrashLayout.CELLS, count * CrashLayout.CELLS);
    }

    private Claim cells(Random random, int count) {
        return new Claim(random.nextInt(layout.cells() - count + 1), count);
    }

    synchronized void giveBack(Claim claim) {
        taken.clear(claim.firstInterval(), claim.endInterval());
    }
}
