package io.pinbounce.seal;

/**
 * Where things are in a sidecar, in bytes from its start; the package's documentation has the
 * picture.
 *
 * @param logSize bytes of the log
 */
record Layout(long logSize) {

    /** What is read and written at once, but for the log. */
    static final int PAGE = 4096;

    static final int SECTORS = PAGE / Sector.SIZE;

    /** The two superblocks' pages. */
    static final long[] SUPERBLOCKS = {0, PAGE};

    static final long LOG = 2L * PAGE;

    /** Tuple pages that one page of the map knows about. */
    static final int PAGES_PER_MAP = SECTORS * Sector.BODY * Byte.SIZE;

    /** Where the map's page is that knows about some tuple pages; those follow it. */
    long mapPosition(long map) {
        return LOG + logSize + map * (1L + PAGES_PER_MAP) * PAGE;
    }

    /** Where a tuple page is. */
    long pagePosition(long page) {
        return mapPosition(page / PAGES_PER_MAP) + (1 + page % PAGES_PER_MAP) * PAGE;
    }
}
