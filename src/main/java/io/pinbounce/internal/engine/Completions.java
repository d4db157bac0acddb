package io.pinbounce.internal.engine;

/**
 * What a ring's drain reports: slots whose transfers are done, with their results. The ring's owner
 * fills and reads it, and uses it again for the next drain.
 */
public final class Completions {

    private final int[] slots;

    private final long[] results;

    private final int[] forced;

    private int count;

    /**
     * Makes room.
     *
     * @param depth the ring's depth, since so many can be done at once
     */
    public Completions(int depth) {
        slots = new int[depth];
        results = new long[depth];
        forced = new int[depth];
    }

    /** Empties it. */
    public void clear() {
        count = 0;
    }

    /**
     * Adds one.
     *
     * @param slot which transfer
     * @param result bytes moved, or {@code -errno}
     * @param forced what became of the force behind a write, as in {@link #forced(int)}
     */
    public void add(int slot, long result, int forced) {
        slots[count] = slot;
        results[count] = result;
        this.forced[count] = forced;
        count++;
    }

    /**
     * How many there are.
     *
     * @return 0 to the ring's depth
     */
    public int count() {
        return count;
    }

    /**
     * Which transfer is done.
     *
     * @param index below {@link #count()}
     * @return the slot it was prepared in
     */
    public int slot(int index) {
        return slots[index];
    }

    /**
     * What came of it.
     *
     * @param index below {@link #count()}
     * @return bytes moved, or {@code -errno}
     */
    public long result(int index) {
        return results[index];
    }

    /**
     * What came of the force behind it.
     *
     * @param index below {@link #count()}
     * @return 0 if it is done or was not asked for; {@code -ECANCELED} if it was not tried, since
     *     the write failed or came out short; else its {@code -errno}
     */
    public int forced(int index) {
        return forced[index];
    }
}
