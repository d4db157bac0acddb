package io.pinbounce.internal.sidecar;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.TupleStore.State;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at every sector of a sidecar, whether it matters now or not: each is good, or blank where
 * nothing was ever written, or damaged. Nothing is changed, and the data is not looked at.
 */
public final class SidecarScan implements AutoCloseable {

    /** Damaged sectors that are listed by themselves; one line counts the rest. */
    private static final int MAX_LISTED = 1000;

    private static final int BATCH = 256;

    private final SidecarFiles files;

    private final List<String> damage = new ArrayList<>();

    private final long[] intervals = new long[State.values().length];

    private long damagedSectors;

    private SidecarScan(SidecarFiles files) {
        this.files = files;
    }

    /**
     * What was found. Intervals are counted up to the data's length.
     *
     * @param superblock what the sidecar says of itself
     * @param liveGroups groups of intents that a recovery has to look at
     * @param pages tuple pages that are there
     * @param protectedIntervals intervals that have a tuple
     * @param unprotectedIntervals intervals whose data predates protection
     * @param damagedIntervals intervals that a failed write left damaged
     * @param lostIntervals intervals whose tuple is on a damaged sector
     * @param damage what is wrong with the sidecar itself
     */
    public record Report(
            Superblock superblock,
            long liveGroups,
            long pages,
            long protectedIntervals,
            long unprotectedIntervals,
            long damagedIntervals,
            long lostIntervals,
            List<String> damage) {}

    /**
     * Scans.
     *
     * @param engine opens the sidecar
     * @param path the sidecar's path
     * @return what was found
     * @throws SealException if it cannot be read, both superblocks are damaged, or a writer has it
     */
    public static Report scan(IoEngine engine, Path path) throws SealException {
        try (SidecarScan scan = new SidecarScan(new SidecarFiles(engine, path, path))) {
            return scan.scan();
        }
    }

    private Report scan() throws SealException {
        if (!files.exists()) {
            throw new SealException("there is no sidecar; pinbounce seal makes one", files.path());
        }
        files.openSidecar(Access.READ);
        Superblocks found = Superblocks.read(files);
        Superblock superblock = found.newest();
        if (superblock == null) {
            found.requireBlank(files);
            throw new SealException(
                    "the making of this sidecar was cut short; pinbounce seal goes on with it",
                    files.path());
        }
        damage.addAll(found.damage(superblock));
        PageMap map = new PageMap();
        LogContents log = LogContents.read(files, superblock, LogContents.Reading.TOLERANT);
        if (log.damagedSectors() > 0) {
            damage.add("the log: sectors=" + log.damagedSectors());
        }
        scanPages(superblock, map);
        if (damagedSectors > MAX_LISTED) {
            damage.add("and " + (damagedSectors - MAX_LISTED) + " more sectors");
        }
        return new Report(
                superblock,
                superblock.clean() ? 0 : log.groups(),
                map.count(),
                intervals[State.PROTECTED.code()],
                intervals[State.UNPROTECTED.code()],
                intervals[State.DAMAGED.code()],
                intervals[State.LOST.code()],
                List.copyOf(damage));
    }

    private void scanPages(Superblock superblock, PageMap map) throws SealException {
        int interval = superblock.context().interval();
        long all = (superblock.data().length() + interval - 1) / interval;
        long pages = (all + TuplePage.INTERVALS - 1) / TuplePage.INTERVALS;
        Layout layout = new Layout(superblock.logSize());
        long size = files.sidecarSize();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment batch = SidecarFiles.allocate(arena, (long) BATCH * Layout.PAGE);
            long page = 0;
            while (map.maps() < superblock.maps()
                    || page < map.end()
                    || layout.pagePosition(page) < size) {
                if (page % Layout.PAGES_PER_MAP == 0) {
                    scanMap(superblock, map, layout, batch, pages);
                }
                long until = unwrittenUntil(map, layout, page);
                if (until > page) {
                    long last = Math.min(all, until * TuplePage.INTERVALS);
                    countUnwritten(superblock, page * TuplePage.INTERVALS, last);
                    page = until;
                    continue;
                }
                long position = layout.pagePosition(page);
                if (position < size) {
                    files.read(position, batch);
                } else {
                    batch.fill((byte) 0);
                }
                for (int i = 0; i < BATCH; i++) {
                    MemorySegment memory = batch.asSlice((long) i * Layout.PAGE, Layout.PAGE);
                    long at = position + (long) i * Layout.PAGE;
                    scanPage(superblock, map.has(page + i), page + i, memory, at, all);
                }
                page += BATCH;
            }
            countUnwritten(superblock, page * TuplePage.INTERVALS, all);
        }
    }

    /** Skips batches that are not there and lie in a hole, up to the map's next page. */
    private long unwrittenUntil(PageMap map, Layout layout, long page) {
        long end = (page / Layout.PAGES_PER_MAP + 1) * Layout.PAGES_PER_MAP;
        long there = map.next(page);
        long stored = files.nextStored(layout.pagePosition(page));
        if (stored < layout.mapPosition(end / Layout.PAGES_PER_MAP)) {
            end = layout.pageAt(Alignment.down(stored, Layout.PAGE));
        }
        end = there < 0 ? end : Math.min(end, there);
        return page + Alignment.down(end - page, BATCH);
    }

    /** Counts intervals that were never written, of which there may be any number. */
    private void countUnwritten(Superblock superblock, long first, long all) {
        long left = Math.max(all - first, 0);
        long unprotected = Math.clamp(superblock.unprotected() - first, 0, left);
        intervals[State.UNPROTECTED.code()] += unprotected;
        intervals[State.PROTECTED.code()] += left - unprotected;
    }

    private void scanMap(
            Superblock superblock, PageMap map, Layout layout, MemorySegment batch, long pages)
            throws SealException {
        long position = layout.mapPosition(map.maps());
        MemorySegment memory = batch.asSlice(0, Layout.MAP);
        files.read(position, memory);
        long number = map.maps();
        if (number < superblock.maps()) {
            for (int sector : map.decode(memory, superblock.identity(), position, pages)) {
                complain(position + (long) sector * Sector.SIZE, "the map of tuple pages");
            }
            return;
        }
        map.skip();
        for (int at = 0; at < Layout.MAP; at += Sector.SIZE) {
            check(superblock, memory, at, position + at, "the map of tuple pages, unused");
        }
    }

    private void scanPage(
            Superblock superblock,
            boolean there,
            long number,
            MemorySegment memory,
            long position,
            long all) {
        long first = number * TuplePage.INTERVALS;
        TuplePage page;
        if (there) {
            page = TuplePage.decode(memory, superblock.identity(), position);
        } else {
            page = TuplePage.unwritten(first, superblock.unprotected(), 0);
        }
        for (int sector = 0; sector < Layout.SECTORS; sector++) {
            int at = sector * Sector.SIZE;
            long from = first + (long) sector * TuplePage.PER_SECTOR;
            String what =
                    "tuples of intervals " + from + " to " + (from + TuplePage.PER_SECTOR - 1);
            if (!there) {
                check(superblock, memory, at, position + at, what + ", unused");
            } else if (!Sector.isGood(memory, at, superblock.identity(), position + at)) {
                complain(position + at, what);
            }
        }
        long left = Math.clamp(all - first, 0, TuplePage.INTERVALS);
        for (int i = 0; i < left; i++) {
            intervals[page.state(i).code()]++;
        }
    }

    private void check(
            Superblock superblock, MemorySegment memory, long at, long position, String what) {
        if (!Sector.isGood(memory, at, superblock.identity(), position)
                && !Sector.isBlank(memory, at)) {
            complain(position, what);
        }
    }

    private void complain(long position, String what) {
        if (++damagedSectors <= MAX_LISTED) {
            damage.add(what + ": position=" + position);
        }
    }

    @Override
    public void close() throws SealException {
        files.close();
    }
}
