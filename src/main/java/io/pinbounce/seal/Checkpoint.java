package io.pinbounce.seal;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Moves what has changed to the tuple pages, in order of their places, and to the map. The data
 * that the changes are about is durable already; the caller forces in between.
 */
final class Checkpoint {

    /** Pages of one write: 512 KiB. */
    private static final int BATCH = 128;

    /** What the pages belong to. */
    interface Pages {

        /** A copy of a page that is at hand; null for none. */
        @Nullable TuplePage cached(long page);

        /** Writes pages that follow each other; from then on they are there. */
        void write(long first, int count, MemorySegment memory) throws SealException;

        /** Pages from one on are not there any more. */
        void remove(long first);
    }

    private final SidecarFiles files;

    private final Pages pages;

    private final Superblock superblock;

    private final Layout layout;

    private final PageMap map;

    private final Overlay changes;

    private final long[] intervals;

    private final long ofZeros;

    private final long end;

    private boolean wrote;

    /** The batch: pages that lie one behind the other. */
    private long batchFirst;

    private int batchCount;

    /**
     * Prepares.
     *
     * @param end intervals from there on are forgotten
     */
    Checkpoint(
            SidecarFiles files,
            Pages pages,
            Superblock superblock,
            PageMap map,
            Overlay changes,
            long ofZeros,
            long end) {
        this.files = files;
        this.pages = pages;
        this.superblock = superblock;
        this.layout = new Layout(superblock.logSize());
        this.map = map;
        this.changes = changes;
        this.intervals = changes.intervals();
        this.ofZeros = ofZeros;
        this.end = end;
    }

    long end() {
        return end;
    }

    boolean hasPages() {
        return wrote;
    }

    /** The first page of which nothing is left. */
    long firstRemoved() {
        return end == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : (end + TuplePage.INTERVALS - 1) / TuplePage.INTERVALS;
    }

    /** Writes all pages that change. */
    void writePages() throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment batch = SidecarFiles.allocate(arena, (long) BATCH * Layout.PAGE);
            long cutPage = end == Long.MAX_VALUE ? -1 : end / TuplePage.INTERVALS;
            boolean cutDone = cutPage < 0 || !map.has(cutPage);
            int at = 0;
            while (at < intervals.length || !cutDone) {
                long number = at < intervals.length ? intervals[at] / TuplePage.INTERVALS : cutPage;
                if (!cutDone && cutPage <= number) {
                    number = cutPage;
                    cutDone = true;
                }
                TuplePage page = page(number);
                if (number == cutPage) {
                    page.forget((int) (end % TuplePage.INTERVALS), ofZeros);
                }
                at = apply(at, number, page);
                add(batch, number, page);
            }
            flush(batch);
        }
        if (end != Long.MAX_VALUE && map.next(Math.min(firstRemoved(), map.end())) >= 0) {
            pages.remove(firstRemoved());
        }
    }

    private TuplePage page(long number) throws SealException {
        if (!map.has(number)) {
            return unwritten(number);
        }
        TuplePage page = pages.cached(number);
        if (page != null) {
            return page;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, Layout.PAGE);
            long position = layout.pagePosition(number);
            files.read(position, memory);
            return TuplePage.decode(memory, superblock.identity(), position);
        }
    }

    private TuplePage unwritten(long number) {
        return TuplePage.unwritten(
                number * TuplePage.INTERVALS, superblock.unprotected(), ofZeros);
    }

    /** Applies the changes of a page; where the next page's start. */
    private int apply(int from, long number, TuplePage page) {
        int at = from;
        while (at < intervals.length && intervals[at] / TuplePage.INTERVALS == number) {
            changes.apply(intervals[at], page, (int) (intervals[at] % TuplePage.INTERVALS));
            at++;
        }
        return at;
    }

    private void add(MemorySegment batch, long number, TuplePage page) throws SealException {
        long position = layout.pagePosition(number);
        long next = layout.pagePosition(batchFirst) + (long) batchCount * Layout.PAGE;
        if (batchCount == BATCH || (batchCount > 0 && position != next)) {
            flush(batch);
        }
        if (batchCount == 0) {
            batchFirst = number;
        }
        MemorySegment memory = batch.asSlice((long) batchCount * Layout.PAGE, Layout.PAGE);
        page.encode(memory, superblock.identity(), position);
        batchCount++;
    }

    private void flush(MemorySegment batch) throws SealException {
        if (batchCount > 0) {
            MemorySegment full = batch.asSlice(0, (long) batchCount * Layout.PAGE);
            pages.write(batchFirst, batchCount, full);
            wrote = true;
        }
        batchCount = 0;
    }

    /** Writes the pages of the map that change; all pages that it names are durable. */
    void writeMap() throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, Layout.PAGE);
            for (long number : map.changed()) {
                long position = layout.mapPosition(number);
                map.encode(number, memory, superblock.identity(), position);
                files.write(position, memory);
            }
        }
        map.written();
    }

    /** Brings pages that others have loaded meanwhile up to date. */
    void applyTo(TupleCache cache) {
        long cutPage = end == Long.MAX_VALUE ? -1 : end / TuplePage.INTERVALS;
        TuplePage cut = cutPage < 0 ? null : cache.get(cutPage);
        if (cut != null) {
            cut.forget((int) (end % TuplePage.INTERVALS), ofZeros);
        }
        long number = -1;
        TuplePage page = null;
        for (long interval : intervals) {
            if (number != interval / TuplePage.INTERVALS) {
                number = interval / TuplePage.INTERVALS;
                page = cache.get(number);
            }
            if (page != null) {
                changes.apply(interval, page, (int) (interval % TuplePage.INTERVALS));
            }
        }
    }
}
