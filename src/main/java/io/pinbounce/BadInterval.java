package io.pinbounce;

import io.pinbounce.pi.PiMismatch;

import org.jspecify.annotations.Nullable;

/**
 * One interval whose data is not known to be what was written.
 *
 * @param interval its number, counted from the start of the file
 * @param position its first byte, from the start of the file
 * @param cause what is wrong
 * @param mismatch for {@link Cause#MISMATCH}, the fields that differ, with expected and found
 *     values; otherwise null
 */
public record BadInterval(
        long interval, long position, Cause cause, @Nullable PiMismatch mismatch) {

    /** What is wrong with an interval. */
    public enum Cause {
        /** Its data and its tuple disagree. */
        MISMATCH("data and tuple disagree"),
        /** The guard matches by chance, and the longer digest that is kept beside it does not. */
        DIGEST("data and digest disagree, though the guard matches"),
        /** A write that failed, or was cut short, left the interval in an unknown state. */
        DAMAGED("damaged by a write that failed or was cut short"),
        /** The data may be good: its tuple is damaged where it is stored. */
        TUPLE_LOST(
                "its tuple is lost: the place where it is kept is damaged; the data may be good");

        private final String text;

        Cause(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public String toString() {
        String place = "interval=" + interval + " position=" + position;
        return mismatch == null
                ? place + " " + cause
                : place
                        + (" failing=" + mismatch.failing())
                        + (" expected=(" + mismatch.expected() + ")")
                        + (" found=(" + mismatch.found() + ")");
    }
}
