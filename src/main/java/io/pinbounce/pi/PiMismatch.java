package io.pinbounce.pi;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * An interval whose tuple does not match. Immutable.
 *
 * @param interval the interval's number in the file
 * @param failing every field that failed, at least one, in the order of {@link PiCheck}
 * @param expected the tuple that {@code Pi.generate} would have written
 * @param found the tuple as it was read
 */
public record PiMismatch(long interval, Set<PiCheck> failing, PiTuple expected, PiTuple found) {

    /**
     * Copies the set of fields.
     *
     * @throws IllegalArgumentException if {@code failing} is empty
     */
    public PiMismatch {
        if (failing.isEmpty()) {
            throw new IllegalArgumentException(
                    "A mismatch must name at least one failing field, interval=" + interval);
        }
        failing = Collections.unmodifiableSet(EnumSet.copyOf(failing));
    }

    /**
     * The failure that an NVMe device would report: the guard before the application tag before the
     * reference tag.
     *
     * @return the first failing field
     */
    public PiCheck first() {
        return failing.iterator().next();
    }

    /** What failed, what was expected and what was found, on one line. */
    @Override
    public String toString() {
        return "interval="
                + interval
                + " failing="
                + failing
                + " expected=("
                + expected
                + ") found=("
                + found
                + ")";
    }
}
