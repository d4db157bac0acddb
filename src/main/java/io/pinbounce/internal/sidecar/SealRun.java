package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.TupleStore.State;

import java.util.Arrays;

/**
 * What is known about consecutive intervals: for each a state and a seal. Filled, read and filled
 * again by one thread at a time; it grows to the longest run that it has held.
 */
public final class SealRun {

    private long[] seals = new long[1];

    private byte[] states = new byte[1];

    private int count;

    /** An empty run. */
    public SealRun() {}

    /**
     * Starts over.
     *
     * @param count how many intervals; all protected by a seal of 0
     */
    public void clear(int count) {
        if (count > seals.length) {
            seals = new long[Math.max(count, 2 * seals.length)];
            states = new byte[seals.length];
        }
        Arrays.fill(seals, 0, count, 0);
        Arrays.fill(states, 0, count, (byte) 0);
        this.count = count;
    }

    /**
     * How many intervals there are.
     *
     * @return 0 or more
     */
    public int count() {
        return count;
    }

    /**
     * What is known about an interval.
     *
     * @param index from 0, below {@link #count()}
     * @return its state
     */
    public State state(int index) {
        return State.of(states[index]);
    }

    /**
     * An interval's seal, which means something in some states only.
     *
     * @param index from 0, below {@link #count()}
     * @return as {@link Seals} makes it
     */
    public long seal(int index) {
        return seals[index];
    }

    /**
     * Sets what is known about an interval.
     *
     * @param index from 0, below {@link #count()}
     * @param state what is known
     * @param seal the seal, 0 if there is none
     */
    public void set(int index, State state, long seal) {
        states[index] = state.code();
        seals[index] = seal;
    }

    /**
     * Where a run of intervals of the same state ends.
     *
     * @param from the first of the run
     * @return the index behind its last
     */
    public int runFrom(int from) {
        int to = from + 1;
        while (to < count && states[to] == states[from]) {
            to++;
        }
        return to;
    }

    /**
     * How many intervals are in a state.
     *
     * @param state which
     * @return 0 to {@link #count()}
     */
    public int count(State state) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            found += states[i] == state.code() ? 1 : 0;
        }
        return found;
    }
}
