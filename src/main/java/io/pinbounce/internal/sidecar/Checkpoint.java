package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Moves changes to the tuple pages, in the order of the pages on the disk, and frees the log. */
final class Checkpoint {

    /** Pages of one write: 512 KiB. */
    private static final int BATCH = 128;

    private final SidecarFiles files;

    private final TuplePages pages;

    private final Superblock superblock;

    private final Layout layout;

    private final PageMap map;

    private final long unprotected;

    private final Overlay changes;

    private final long[] intervals;

    private final long ofZeros;

    private final long end;

    private boolean wrote;

    /** The batch: pages that follow each other on the disk. */
    private long batchFirst;

    private int batchCount;

    /**
     * A checkpoint that is to run.
     *
     * @param end intervals from there on are forgotten
     */
    Checkpoint(
            SidecarFiles files,
            TuplePages pages,
            Superblock superblock,
            SealTable table,
            Overlay changes,
            long ofZeros,
            long end) {
        this.files = files;
        this.pages = pages;
        this.superblock = superblock;
        this.layout = new Layout(superblock.logSize());
        this.map = table.map();
        this.unprotected = table.settled();
        this.changes = changes;
        this.intervals = changes.intervals();
        this.ofZeros = ofZeros;
        this.end = end;
    }

    long end() {
        return end;
    }

    /**
     * Does all of it, each step durable before the next: the data that the changes are about, the
     * pages, the map that says which of them are there, and the superblock, which lets the log go.
     *
     * @param mode what a power cut leaves
     * @param clean whether the sidecar is being closed
     * @param tail sequence of the first group of intents that still matters
     * @return the superblock as it is now
     */
    Superblock run(Mode mode, boolean clean, long tail) throws SealException {
        DataFile data = files.dataFile(); // asked before the force, which makes that length durable
        files.forceData();
        writePages();
        if (wrote) {
            files.force();
        }
        if (!map.changed().isEmpty()) {
            writeMap();
            files.force();
        }
        Superblock next =
                superblock
                        .next(data, mode, clean, tail, Math.min(unprotected, end))
                        .withMaps(map.maps());
        next.write(files);
        return next;
    }

    /** The first page of which nothing is left. */
    long firstRemoved() {
        return end == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : (end + TuplePage.INTERVALS - 1) / TuplePage.INTERVALS;
    }

    private void writePages() throws SealException {
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
                TuplePage page = pages.forChange(number);
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

    /** Applies the changes of a page; returns the index of the next page's first change. */
    private int apply(int from, long number, TuplePage page) {
        int at = from;
        while (at < intervals.length && intervals[at] / TuplePage.INTERVALS == number) {
            changes.apply(intervals[at], page, (int) (intervals[at] % TuplePage.INTERVALS));
            at++;
        }
        return at;
    }

    private void add(MemorySegment batch, long number, TuplePage page) throws SealException {
        boolean follows = batchCount > 0 && pages.follow(batchFirst + batchCount - 1, number);
        if (batchCount == BATCH || !follows) {
            flush(batch);
            batchFirst = number;
        }
        MemorySegment memory = batch.asSlice((long) batchCount * Layout.PAGE, Layout.PAGE);
        pages.encode(page, number, memory);
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

    private void writeMap() throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, Layout.MAP);
            for (long number : map.changed()) {
                long position = layout.mapPosition(number);
                map.encode(number, memory, superblock.identity(), position);
                files.write(position, memory);
            }
        }
        map.written();
    }

    /** Applies the changes to pages that were loaded into the cache meanwhile. */
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
