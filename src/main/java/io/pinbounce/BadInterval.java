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
        return "interval="
                + (interval + " position=" + position)
                + (mismatch == null ? " damaged by an earlier failed write" : " " + mismatch);
    }
}
