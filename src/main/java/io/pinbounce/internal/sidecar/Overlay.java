package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.TupleStore.State;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What changed since tuples were last moved to their pages: a map from interval to state and seal,
 * without an object an entry. Linear probing in a table that is never more than half full.
 */
final class Overlay {

    private static final int MIN_CAPACITY = 1 << 10;

    private static final long FREE = -1;

    private long[] keys = new long[MIN_CAPACITY];

    private long[] seals = new long[MIN_CAPACITY];

    private byte[] states = new byte[MIN_CAPACITY];

    private int size;

    /** Tuple pages that have changed intervals. */
    private final BitSet pages = new BitSet();

    Overlay() {
        Arrays.fill(keys, FREE);
    }

    int size() {
        return size;
    }

    void put(long interval, State state, long seal) {
        int slot = slot(interval);
        if (keys[slot] == FREE) {
            if (2 * (size + 1) > keys.length) {
                grow();
                slot = slot(interval);
            }
            keys[slot] = interval;
            pages.set(Math.toIntExact(interval / TuplePage.INTERVALS));
            size++;
        }
        states[slot] = state.code();
        seals[slot] = seal;
    }

    /**
     * Looks an interval up.
     *
     * @return whether it has changed, and was written to the run
     */
    boolean get(long interval, SealRun into, int index) {
        int slot = slot(interval);
        if (keys[slot] == FREE) {
            return false;
        }
        into.set(index, State.of(states[slot]), seals[slot]);
        return true;
    }

    /** The first page from a number on that has changed intervals; -1 if none has. */
    long nextPage(long from) {
        return from > Integer.MAX_VALUE ? -1 : pages.nextSetBit((int) from);
    }

    /** Adds the pages that have changed intervals to a set. */
    void addPagesTo(BitSet set) {
        set.or(pages);
    }

    /** All changed intervals, in order. */
    long[] intervals() {
        long[] all = new long[size];
        int count = 0;
        for (long key : keys) {
            if (key != FREE) {
                all[count++] = key;
            }
        }
        Arrays.sort(all);
        return all;
    }

    /** A copy without the intervals from a number on. */
    Overlay before(long end) {
        Overlay kept = new Overlay();
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != FREE && keys[slot] < end) {
                kept.put(keys[slot], State.of(states[slot]), seals[slot]);
            }
        }
        return kept;
    }

    /** Writes what is known of a changed interval to its page. */
    void apply(long interval, TuplePage page, int index) {
        int slot = slot(interval);
        page.set(index, State.of(states[slot]), seals[slot]);
    }

    private int slot(long interval) {
        int mask = keys.length - 1;
        // Eight consecutive intervals are neighbours, in one line of the cache.
        int slot = (int) (mix(interval >>> 3) + (interval & 7)) & mask;
        while (keys[slot] != FREE && keys[slot] != interval) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long mix(long line) {
        long h = line * 0x9E3779B97F4A7C15L;
        return (h ^ h >>> 32) << 3;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldSeals = seals;
        byte[] oldStates = states;
        keys = new long[2 * oldKeys.length];
        seals = new long[keys.length];
        states = new byte[keys.length];
        Arrays.fill(keys, FREE);
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                put(oldKeys[i], State.of(oldStates[i]), oldSeals[i]);
            }
        }
    }
}
