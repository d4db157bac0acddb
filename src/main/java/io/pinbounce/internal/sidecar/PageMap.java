package io.pinbounce.internal.sidecar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which tuple pages there are: a bit for each, in eight sectors a page of the map. A page that is
 * not there stands for intervals that were never written. A damaged sector would lose pages, or
 * bring back pages that were forgotten, so there are two copies of each.
 *
 * <pre>
 *   0                                            504       512
 *   |  4032 bits, the first the lowest            |  check  |
 * </pre>
 */
final class PageMap {

    private static final int PER_SECTOR = Sector.BODY * Byte.SIZE;

    /** Sectors of a page and its copy. */
    private static final int SECTORS = 2 * Layout.SECTORS;

    private final BitSet pages = new BitSet();

    private final BitSet changed = new BitSet();

    private long maps;

    /** Pages of the map that are there. */
    long maps() {
        return maps;
    }

    /** Counts a page of the map that has no tuple pages. */
    void skip() {
        maps++;
    }

    boolean has(long page) {
        return page <= Integer.MAX_VALUE && pages.get((int) page);
    }

    long count() {
        return pages.cardinality();
    }

    /** The first page that is there from some page on; -1 if none is. */
    long next(long from) {
        return from > Integer.MAX_VALUE ? -1 : pages.nextSetBit((int) from);
    }

    /** Adds the pages that are there to a set. */
    void addTo(BitSet set) {
        set.or(pages);
    }

    /** The number behind that of the last page that is there. */
    long end() {
        return pages.length();
    }

    /** Adds a page, and the pages of the map up to its own that are not there yet. */
    void add(long page) {
        if (has(page)) {
            return;
        }
        pages.set(Math.toIntExact(page));
        int map = (int) (page / Layout.PAGES_PER_MAP);
        changed.set(map);
        while (maps <= map) {
            changed.set((int) maps++);
        }
    }

    /** Removes all pages from a number on. */
    void removeFrom(long page) {
        int from = (int) Math.min(page, Integer.MAX_VALUE);
        for (int p = pages.nextSetBit(from); p >= 0; p = pages.nextSetBit(p + 1)) {
            changed.set(p / Layout.PAGES_PER_MAP);
            pages.clear(p);
        }
    }

    /** Pages of the map that differ from the sidecar's. */
    List<Long> changed() {
        List<Long> maps = new ArrayList<>();
        changed.stream().forEach(map -> maps.add((long) map));
        return maps;
    }

    void written() {
        changed.clear();
    }

    /** Writes a page of the map, twice. */
    void encode(long map, MemorySegment memory, long identity, long position) {
        memory.asSlice(0, Layout.MAP).fill((byte) 0);
        int first = Math.toIntExact(map * Layout.PAGES_PER_MAP);
        for (int sector = 0; sector < SECTORS; sector++) {
            int from = first + sector % Layout.SECTORS * PER_SECTOR;
            byte[] bits = pages.get(from, from + PER_SECTOR).toByteArray();
            int at = sector * Sector.SIZE;
            MemorySegment.copy(MemorySegment.ofArray(bits), 0, memory, at, bits.length);
            Sector.stamp(memory, at, identity, position + at);
        }
    }

    /**
     * Takes the next page of the map over, from either of its copies. Where a sector checks in
     * neither, all its tuple pages are taken to be there: intervals of those that are not count as
     * lost.
     *
     * @param memory both copies
     * @param end number behind the last tuple page that there can be
     * @return the sectors that do not check, those of the copy behind those of the first
     */
    List<Integer> decode(MemorySegment memory, long identity, long position, long end) {
        List<Integer> bad = new ArrayList<>();
        for (int sector = 0; sector < SECTORS; sector++) {
            int at = sector * Sector.SIZE;
            if (!Sector.isGood(memory, at, identity, position + at)) {
                bad.add(sector);
            }
        }
        for (int sector = 0; sector < Layout.SECTORS; sector++) {
            int copy = sector + Layout.SECTORS;
            int from = Math.toIntExact(maps * Layout.PAGES_PER_MAP) + sector * PER_SECTOR;
            if (bad.contains(sector) && bad.contains(copy)) {
                pages.set(from, Math.max(from, (int) Math.min(from + PER_SECTOR, end)));
            } else {
                read(memory, bad.contains(sector) ? copy : sector, from);
            }
            if (body(memory, sector).mismatch(body(memory, copy)) >= 0) {
                changed.set((int) maps); // a cut came between the copies: both are written anew
            }
        }
        if (!bad.isEmpty()) {
            changed.set((int) maps);
        }
        maps++;
        return bad;
    }

    private void read(MemorySegment memory, int sector, int from) {
        byte[] bytes = body(memory, sector).toArray(ValueLayout.JAVA_BYTE);
        BitSet.valueOf(bytes).stream().forEach(bit -> pages.set(from + bit));
    }

    private static MemorySegment body(MemorySegment memory, int sector) {
        return memory.asSlice((long) sector * Sector.SIZE, Sector.BODY);
    }

    /** Whether a page of the map was never written. */
    static boolean isBlank(MemorySegment memory) {
        return Sector.isBlank(memory, 0) && Sector.isBlank(memory, Layout.PAGE);
    }
}
