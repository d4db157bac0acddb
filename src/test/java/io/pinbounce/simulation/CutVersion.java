package io.pinbounce.simulation;

import org.jspecify.annotations.Nullable;

/** What an interval may hold: one of several versions, each an object of its own. */
final class CutVersion {

    private final byte[] bytes;

    private final State state;

    private final @Nullable CutChange by;

    /**
     * A version.
     *
     * @param bytes of the whole interval; what lies behind the end of the file is zeros
     * @param state what is to be said of it
     * @param by the change that writes it; null for what was there before
     */
    CutVersion(byte[] bytes, State state, @Nullable CutChange by) {
        this.bytes = bytes;
        this.state = state;
        this.by = by;
    }

    byte[] bytes() {
        return bytes;
    }

    State state() {
        return state;
    }

    @Nullable CutChange by() {
        return by;
    }

    /** What is to be said of a version that is found. */
    enum State {
        /** It verifies. */
        PROTECTED,
        /** It is read without being verified, and counted. */
        UNPROTECTED,
        /** It is an error: no change made it like that, or its tuple was not kept. */
        TORN
    }

    boolean isDoneBy(long time) {
        return by == null || by.isDoneBy(time);
    }

    @Override
    public String toString() {
        return state + "(" + (by == null ? "base" : by.toString()) + ")";
    }
}
