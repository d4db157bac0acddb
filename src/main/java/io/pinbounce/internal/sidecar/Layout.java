package io.pinbounce.internal.sidecar;

import java.nio.file.Path;

/**
 * Where things are in a sidecar, in bytes from its start; the package's documentation has the
 * picture.
 *
 * @param logSize bytes of the log
 */
record Layout(long logSize) {

    /** Bytes that are read and written at once, except in the log. */
    static final int PAGE = 4096;

    static final int SECTORS = PAGE / Sector.SIZE;

    /** The two superblocks' pages. */
    static final long[] SUPERBLOCKS = {0, PAGE};

    static final long LOG = 2L * PAGE;

    /** Bytes of the shortest log: a group never wraps, so that two must fit. */
    static final long MIN_LOG = 2L * LogBuffer.SIZE;

    /** Bytes of the longest log: a recovery reads it at once. */
    static final long MAX_LOG = 1L << 30;

    /** Tuple pages that one page of the map knows about. */
    static final int PAGES_PER_MAP = SECTORS * Sector.BODY * Byte.SIZE;

    /** Bytes of a page of the map and its copy: without the map no tuple page counts. */
    static final int MAP = 2 * PAGE;

    /** From one page of the map to the next. */
    private static final long STRIDE = MAP + (long) PAGES_PER_MAP * PAGE;

    /** Pages of the map at the most, so that all tuple pages can be counted with an int. */
    static final int MAX_MAPS = 1 << 16;

    /** Intervals at the most, about 10^12. */
    static final long MAX_INTERVALS = (long) MAX_MAPS * PAGES_PER_MAP * TuplePage.INTERVALS;

    /** Bytes of data at the most, so that sums with them do not overflow. */
    static final long MAX_BYTES = 1L << 62;

    /** The highest sequence of groups and superblocks, which no sidecar lives to reach. */
    static final long MAX_SEQUENCE = 1L << 62;

    /** Refuses data that has more intervals than a sidecar has room for. */
    static void requireCountable(long intervals, Path path) throws SealException {
        if (intervals > MAX_INTERVALS) {
            throw new SealException(
                    "a sidecar has room for fewer intervals; use longer ones: intervals="
                            + (intervals + " most=" + MAX_INTERVALS),
                    path);
        }
    }

    /** Where a page of the map is; its copy and its tuple pages follow it. */
    long mapPosition(long map) {
        return LOG + logSize + map * STRIDE;
    }

    /** Which tuple page is at a position. */
    long pageAt(long position) {
        long from = position - LOG - logSize;
        return from / STRIDE * PAGES_PER_MAP + (from % STRIDE - MAP) / PAGE;
    }

    /** The byte behind the log and some pages of the map: a sidecar has that many at the least. */
    long end(long maps) {
        return maps == 0 ? LOG + logSize : mapPosition(maps - 1) + MAP;
    }

    /** Where a tuple page is. */
    long pagePosition(long page) {
        return mapPosition(page / PAGES_PER_MAP) + MAP + page % PAGES_PER_MAP * PAGE;
    }
}
