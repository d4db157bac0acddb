package io.pinbounce.simulation;

import io.pinbounce.buffer.Alignment;

import java.util.random.RandomGenerator;

/** Where requests go: often to the same few places, often to the end of the file. */
final class CutPositions {

    private static final int LONGEST = 64 << 10;

    private final CutSetup setup;

    private final CutOracle oracle;

    private final RandomGenerator random;

    CutPositions(CutSetup setup, CutOracle oracle, RandomGenerator random) {
        this.setup = setup;
        this.oracle = oracle;
        this.random = random;
    }

    long position() {
        long start = setup.starts()[random.nextInt(setup.starts().length)];
        long wanted =
                switch (random.nextInt(4)) {
                    case 0 -> start + random.nextInt(8) * 3L * setup.interval();
                    case 1 -> Math.max(0, oracle.size() - random.nextInt(4 * setup.interval()));
                    default -> start + random.nextInt(setup.spread());
                };
        long position = Math.min(wanted, setup.limit() - 1);
        return switch (random.nextInt(4)) {
            case 0 -> position;
            case 1 -> Alignment.down(position, setup.unit());
            default -> Alignment.down(position, setup.interval());
        };
    }

    int length(long position) {
        int most =
                switch (random.nextInt(16)) {
                    case 0 -> setup.spread() / 2;
                    case 1, 2, 3 -> 16 * setup.interval();
                    default -> 3 * setup.interval();
                };
        int length = 1 + random.nextInt(Math.min(most, LONGEST));
        if (random.nextInt(4) > 0) {
            length = Math.max(setup.interval(), length - length % setup.interval());
        }
        return (int) Math.min(length, setup.limit() - position);
    }

    /** Another size of the file: a little less, or any. */
    long size() {
        long size =
                random.nextBoolean()
                        ? position()
                        : Math.max(0, oracle.size() - random.nextInt(3 * setup.interval()));
        return random.nextBoolean() ? size : Alignment.down(size, setup.interval());
    }

    /** What a write brings. */
    byte[] bytes(long position) {
        byte[] bytes = new byte[length(position)];
        setup.content().fill(bytes, position, oracle, random);
        return bytes;
    }
}
