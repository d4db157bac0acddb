package io.pinbounce;

import io.pinbounce.pi.PiMismatch;

import org.jspecify.annotations.Nullable;

/**
 * One interval whose data and protection information disagree.
 *
 * @param interval its number, counted from the start of the file
 * @param position its first byte, from the start of the file
 * @param mismatch which fields were expected to be what, and were found to be what else; null for
 *     an interval that an earlier failed write left damaged, so that nobody knows what it holds
 */
public record BadInterval(long interval, long position, @Nullable PiMismatch mismatch) {

    @Override
    public String toString() {
        String place = "interval=" + interval + " position=" + position;
        return mismatch == null
                ? place + " damaged by an earlier failed write"
                : place
                        + (" failing=" + mismatch.failing())
                        + (" expected=" + mismatch.expected() + " found=" + mismatch.found());
    }
}
