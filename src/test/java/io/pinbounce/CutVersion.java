package io.pinbounce;

import org.jspecify.annotations.Nullable;

/**
 * What an interval may hold.
 *
 * @param bytes of the whole interval; what lies behind the end of the file is zeros
 * @param state what is to be said of it
 * @param by who writes it; null for what was there before
 */
record CutVersion(byte[] bytes, State state, @Nullable CutChange by) {

    /** What is to be said of a version that is found. */
    enum State {
        /** It verifies. */
        PROTECTED,
        /** It is read without being verified, and counted. */
        UNPROTECTED,
        /** It is an error: nobody wrote it like that, or its tuple was not kept. */
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
