package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Background;
import io.pinbounce.testing.ProcessMemory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

class PinnedPagesTest {

    private static final int FLAGS = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;

    private static final long PAGE = LibC.system().pageSize();

    private final Arena owner = Arena.ofShared();

    private final PinnedPages pages = PinnedPages.of(LibC.system(), owner);

    private MemorySegment map(long count, long piece) {
        return pages.map(count * PAGE, PAGE, FLAGS, List.of(LibC.MADV_DONTFORK), piece);
    }

    private Region region(MemorySegment memory) {
        @Nullable Region region = pages.region(memory.address(), memory.byteSize());
        return Objects.requireNonNull(region);
    }

    @Test
    void thePagesOfASegmentAndItsSlicesAreFound() {
        MemorySegment memory = map(4, Long.MAX_VALUE);
        assertSame(pages, PinnedPages.behind(memory));
        assertSame(pages, PinnedPages.behind(memory.asSlice(PAGE + 1, 2)));
        assertSame(region(memory), region(memory.asSlice(4 * PAGE - 1, 1)));
        pages.close();
        assertNull(PinnedPages.behind(memory));
    }

    @Test
    void foreignMemoryIsToldFromPages() {
        MemorySegment memory = map(1, Long.MAX_VALUE);
        try (Arena other = Arena.ofConfined()) {
            assertNull(PinnedPages.behind(other.allocate(8)));
            assertNull(PinnedPages.behind(MemorySegment.ofArray(new byte[8])));
            assertNull(PinnedPages.behind(MemorySegment.ofAddress(memory.address())));
            // Memory of the same arena, but not of its pages.
            assertNull(PinnedPages.behind(owner.allocate(8)));
        }
        pages.close();
    }

    @Test
    @SuppressWarnings("restricted")
    void aSegmentThatReachesBeyondItsPagesIsForeign() {
        MemorySegment memory = map(2, Long.MAX_VALUE);
        MemorySegment beyond = memory.reinterpret(2 * PAGE + 1, owner, null);
        assertNull(PinnedPages.behind(beyond));
        assertNotNull(PinnedPages.behind(memory.reinterpret(2 * PAGE, owner, null)));
        assertNull(pages.region(memory.address(), 2 * PAGE + 1));
        assertNull(pages.region(memory.address() - 1, 2));
        pages.close();
    }

    @Test
    void memoryAcrossTwoRegionsBelongsToThePagesButToNoRegion() {
        MemorySegment memory = map(5, 2 * PAGE); // 2, 2 and 1 pages
        assertSame(pages, PinnedPages.behind(memory));
        assertNull(pages.region(memory.address() + PAGE, 2 * PAGE));
        assertEquals(PAGE, region(memory.asSlice(4 * PAGE, PAGE)).length());
        assertEquals(2 * PAGE, region(memory.asSlice(2 * PAGE, PAGE)).length());
        pages.close();
    }

    @Test
    void eachOfManyRegionsIsFoundByAnyOfItsBytes() {
        Map<MemorySegment, Region> all = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            MemorySegment memory = map(1 + i % 3, Long.MAX_VALUE);
            all.put(memory, region(memory));
        }
        all.forEach(
                (memory, region) -> {
                    long end = memory.address() + memory.byteSize();
                    assertEquals(memory.address(), region.address());
                    assertEquals(memory.byteSize(), region.length());
                    assertSame(region, pages.region(memory.address(), 1));
                    assertSame(region, pages.region(end - 1, 1));
                    assertNull(pages.region(end - 1, 2));
                });
        pages.close();
        assertEquals(500, new HashSet<>(all.values()).size());
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // closed with the pages
    void onlyItsThreadClosesThePagesOfAConfinedArena() throws Exception {
        Arena confined = Arena.ofConfined();
        PinnedPages own = PinnedPages.of(LibC.system(), confined);
        MemorySegment memory = own.map(PAGE, PAGE, FLAGS, List.of(), PAGE);
        Throwable refusal = Background.call(Executors.callable(own::close)).failure();
        assertEquals(WrongThreadException.class, refusal.getClass());
        assertTrue(own.hold()); // the refused close has changed nothing
        own.release();
        assertSame(own, PinnedPages.behind(memory));
        own.close();
        pages.close();
    }

    @Test
    void closingIsRefusedWhilePagesAreHeld() {
        assertTrue(pages.hold());
        assertTrue(pages.hold());
        String refusal = assertThrows(IllegalStateException.class, pages::close).toString();
        assertTrue(refusal.endsWith("requests=2"), refusal);
        pages.release();
        pages.release();
        pages.close();
        assertFalse(pages.hold());
        assertThrows(IllegalStateException.class, pages::close);
    }

    /** Memory is never both held and closed. */
    @Test
    @SuppressWarnings("MustBeClosedChecker") // closed with the pages
    void holdingAndClosingExcludeEachOther() throws Exception {
        int both = 0;
        for (int i = 0; i < 2000; i++) {
            PinnedPages raced = PinnedPages.of(LibC.system(), Arena.ofShared());
            Background<Boolean> closer = Background.call(() -> isClosed(raced));
            boolean held = raced.hold();
            if (held && closer.result()) {
                both++;
            }
            if (held) {
                raced.release();
            }
            if (!closer.result()) {
                raced.close();
            }
        }
        assertEquals(0, both);
        pages.close();
    }

    private static boolean isClosed(PinnedPages pages) {
        try {
            pages.close();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void pagesAreUnmappedWhenTheLastRingLetsGo() throws Exception {
        MemorySegment memory = map(2, PAGE);
        Region first = region(memory.asSlice(0, PAGE));
        Region second = region(memory.asSlice(PAGE, PAGE));
        assertTrue(first.keep());
        assertTrue(first.keep());
        assertTrue(second.keep());
        int endings = Registrable.endings();
        pages.close();
        assertTrue(Registrable.endings() != endings && first.hasEnded() && second.hasEnded());
        assertFalse(first.keep());
        first.letGo();
        second.letGo();
        assertTrue(ProcessMemory.isMapped(memory.address(), PAGE));
        first.letGo();
        assertFalse(ProcessMemory.isMapped(memory.address(), PAGE));
    }

    @Test
    void aRegistrableThatHasEndedIsFreedOnce() throws Exception {
        for (int i = 0; i < 2000; i++) {
            AtomicInteger freed = new AtomicInteger();
            Registrable registrable =
                    new Registrable() {
                        @Override
                        protected void free() {
                            freed.incrementAndGet();
                        }
                    };
            Background<?> ender = Background.call(Executors.callable(registrable::end));
            if (registrable.keep()) {
                assertEquals(0, freed.get());
                registrable.letGo();
            }
            ender.result();
            assertEquals(1, freed.get());
            assertFalse(registrable.keep());
        }
        pages.close();
    }
}
