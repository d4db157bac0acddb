package io.pinbounce.internal.driver;

import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.Submission;

/** Moves nothing, says that all is done, and allocates nothing. */
public final class IdleRing implements IoRing {

    private final long[] lengths;

    private final int[] prepared;

    private int count;

    public IdleRing(int depth) {
        lengths = new long[depth];
        prepared = new int[depth];
    }

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public int depth() {
        return lengths.length;
    }

    @Override
    public void prep(int slot, Submission submission) {
        prepared[count++] = slot;
        lengths[slot] = submission.length();
    }

    @Override
    public int enter(int min, long nanos) {
        return 0;
    }

    @Override
    public void drain(Completions out) {
        for (int i = 0; i < count; i++) {
            out.add(prepared[i], lengths[prepared[i]], 0);
        }
        count = 0;
    }

    @Override
    public void wake() {}

    @Override
    public void close() {}
}
