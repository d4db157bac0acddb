package io.pinbounce.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is in an interval: the version in each of its cells. Immutable.
 *
 * @param versions one a cell; 0 for zeros, {@link #TORN} for bytes that are of no one version
 */
record Contents(List<Long> versions) {

    /** The version of a cell whose bytes no write wrote together. */
    static final long TORN = -1;

    /** An interval that was never written, whether or not the file is that long. */
    static final Contents ZEROS = new Contents(Collections.nCopies(CrashLayout.CELLS, 0L));

    /** Copies the list. */
    Contents {
        versions = List.copyOf(versions);
    }

    /**
     * After a write.
     *
     * @param first of the cells that it covers, counted within the interval
     * @param end behind the last of them
     * @param version that it brings
     */
    Contents with(int first, int end, long version) {
        List<Long> changed = new ArrayList<>(versions);
        Collections.fill(changed.subList(first, end), version);
        return new Contents(changed);
    }

    @Override
    public String toString() {
        return versions.toString();
    }
}
