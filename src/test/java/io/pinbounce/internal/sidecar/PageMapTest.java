package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

class PageMapTest {

    private static final long IDENTITY = -3;

    private static final Layout LAYOUT = new Layout(256 << 10);

    private static final int PER_SECTOR = Layout.PAGES_PER_MAP / Layout.SECTORS;

    private final Random random = new Random(Seed.value());

    private final BitSet model = new BitSet();

    private final PageMap map = new PageMap();

    private void addSome(int count, int below) {
        for (int i = 0; i < count; i++) {
            int page = random.nextInt(below);
            map.add(page);
            model.set(page);
        }
    }

    private static List<MemorySegment> encode(PageMap map) {
        List<MemorySegment> pages = new ArrayList<>();
        for (int i = 0; i < map.maps(); i++) {
            MemorySegment memory = MemorySegment.ofArray(new byte[Layout.MAP]);
            map.encode(i, memory, IDENTITY, LAYOUT.mapPosition(i));
            pages.add(memory);
        }
        return pages;
    }

    private static PageMap decode(List<MemorySegment> pages, long end) {
        PageMap map = new PageMap();
        for (int i = 0; i < pages.size(); i++) {
            map.decode(pages.get(i), IDENTITY, LAYOUT.mapPosition(i), end);
        }
        return map;
    }

    private void compare(PageMap found) {
        assertEquals(model.cardinality(), found.count());
        assertEquals(model.length(), found.end());
        for (int i = 0; i < 10_000; i++) {
            int page = random.nextInt(4 * Layout.PAGES_PER_MAP);
            assertEquals(model.get(page), found.has(page));
            assertEquals(model.nextSetBit(page), found.next(page));
        }
    }

    @Test
    void aMapHoldsThePagesThatWereAdded() {
        addSome(5_000, 3 * Layout.PAGES_PER_MAP);
        compare(map);
        for (int from : new int[] {Integer.MAX_VALUE, 2 * Layout.PAGES_PER_MAP + 5, 100, 0}) {
            map.removeFrom(from);
            model.clear(from, Integer.MAX_VALUE);
            compare(map);
        }
        map.removeFrom(Long.MAX_VALUE);
        assertFalse(map.has(Long.MAX_VALUE));
        assertEquals(-1, map.next(Long.MAX_VALUE));
    }

    @Test
    void aMapIsReadAsItWasWritten() {
        for (int round = 0; round < 20; round++) {
            addSome(round * 100, 3 * Layout.PAGES_PER_MAP);
            PageMap read = decode(encode(map), 0);
            compare(read);
            assertEquals(map.maps(), read.maps());
            assertEquals(List.of(), read.changed());
        }
    }

    @Test
    void allMapsUpToTheNewOneAreWritten() {
        map.add(2L * Layout.PAGES_PER_MAP);
        assertEquals(List.of(0L, 1L, 2L), map.changed());
        map.written();
        map.add(2L * Layout.PAGES_PER_MAP);
        assertEquals(List.of(), map.changed());
        map.add(1);
        assertEquals(List.of(0L), map.changed());
        map.written();
        map.removeFrom(2);
        assertEquals(List.of(2L), map.changed());
    }

    private static final long LAST = (long) Layout.MAX_MAPS * Layout.PAGES_PER_MAP - 1;

    @Test
    void theLastPageOfAllFits() {
        MemorySegment memory = MemorySegment.ofArray(new byte[Layout.MAP]);
        encodeLast(memory); // the map itself takes a quarter of a gigabyte
        assertEquals((byte) 0x80, memory.get(ValueLayout.JAVA_BYTE, Layout.PAGE - 9L));
        PageMap read = new PageMap();
        while (read.maps() < Layout.MAX_MAPS - 1) {
            read.skip();
        }
        assertEquals(List.of(), read.decode(memory, IDENTITY, 0, 0));
        assertTrue(read.has(LAST));
        assertEquals(1, read.count());
    }

    private static void encodeLast(MemorySegment memory) {
        PageMap large = new PageMap();
        large.add(LAST);
        assertEquals(Layout.MAX_MAPS, large.maps());
        large.encode(Layout.MAX_MAPS - 1, memory, IDENTITY, 0);
    }

    private void damage(MemorySegment page, int sector) {
        long at = (long) sector * Sector.SIZE + random.nextInt(Sector.SIZE);
        byte old = page.get(ValueLayout.JAVA_BYTE, at);
        page.set(ValueLayout.JAVA_BYTE, at, (byte) (old ^ 4));
    }

    private static MemorySegment copy(MemorySegment page) {
        return MemorySegment.ofArray(page.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void theOtherCopyServesWhereOneIsDamaged() {
        addSome(2_000, Layout.PAGES_PER_MAP);
        for (int round = 0; round < 50; round++) {
            MemorySegment page = encode(map).getFirst();
            List<Integer> bad = new ArrayList<>();
            for (int sector = 0; sector < Layout.SECTORS; sector++) {
                int copy = random.nextInt(3); // of each sector one at the most
                if (copy < 2) {
                    damage(page, sector + copy * Layout.SECTORS);
                    bad.add(sector + copy * Layout.SECTORS);
                }
            }
            PageMap read = new PageMap();
            List<Integer> found = read.decode(page, IDENTITY, LAYOUT.mapPosition(0), 0);
            assertEquals(bad.stream().sorted().toList(), found);
            compare(read);
            assertEquals(bad.isEmpty() ? List.of() : List.of(0L), read.changed());
        }
    }

    @Test
    void copiesThatDifferAreWrittenAgain() {
        addSome(2_000, Layout.PAGES_PER_MAP);
        MemorySegment old = encode(map).getFirst();
        int added = model.nextClearBit(0);
        map.add(added);
        model.set(added);
        MemorySegment page = encode(map).getFirst();
        MemorySegment.copy(old, Layout.PAGE, page, Layout.PAGE, Layout.PAGE);
        PageMap read = new PageMap();
        assertEquals(List.of(), read.decode(page, IDENTITY, LAYOUT.mapPosition(0), 0));
        compare(read);
        assertEquals(List.of(0L), read.changed());
    }

    @Test
    void aSectorThatIsDamagedTwiceNamesAllItsPagesUpToTheEnd() {
        addSome(2_000, Layout.PAGES_PER_MAP);
        for (int sector = 0; sector < Layout.SECTORS; sector++) {
            int copy = sector + Layout.SECTORS;
            MemorySegment page = copy(encode(map).getFirst());
            damage(page, sector);
            damage(page, copy);
            int from = sector * PER_SECTOR;
            int end = from + random.nextInt(2 * PER_SECTOR) - PER_SECTOR / 2;
            PageMap read = new PageMap();
            assertEquals(
                    List.of(sector, copy),
                    read.decode(page, IDENTITY, LAYOUT.mapPosition(0), end));
            assertEquals(List.of(0L), read.changed(), "it is to be written again");
            for (int i = 0; i < Layout.PAGES_PER_MAP; i++) {
                boolean there = i / PER_SECTOR == sector ? i < end : model.get(i);
                assertEquals(there, read.has(i), "page " + i + " sector " + sector);
            }
        }
    }
}
