package io.pinbounce.testing;

/**
 * The seed of all random tests of a run. It is printed when it is first used, and taken back with
 * {@code -Dpinbounce.seed=N}.
 */
public final class Seed {

    private static final String PROPERTY = "pinbounce.seed";

    private static final long VALUE = choose();

    private Seed() {}

    /** The seed of this run. */
    public static long value() {
        return VALUE;
    }

    private static long choose() {
        long seed = Long.getLong(PROPERTY, System.nanoTime());
        System.out.println("random tests repeat with -D" + PROPERTY + "=" + seed);
        return seed;
    }
}
