package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

@SuppressWarnings("MustBeClosedChecker") // pages close their owner
class PagesForAnyThreadTest {

    private static final int FLAGS = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;

    private static MemorySegment map(PinnedPages pages) {
        long page = LibC.system().pageSize();
        return pages.map(page, page, FLAGS, List.of(), page);
    }

    @Test
    void confinedPagesAreForAnyThreadWhileTheyAreOpen() throws Exception {
        PinnedPages pages = PinnedPages.of(LibC.system(), Arena.ofConfined());
        MemorySegment piece = map(pages).asSlice(512, 64);
        MemorySegment same = PinnedPages.forAnyThread(piece);
        assertEquals(piece.address(), same.address());
        assertEquals(piece.byteSize(), same.byteSize());
        Background.call(() -> same.fill((byte) 3)).result();
        assertEquals(3, piece.get(ValueLayout.JAVA_BYTE, 63));
        pages.close();
        assertSame(piece, PinnedPages.forAnyThread(piece));
    }

    @Test
    void readOnlyMemoryStaysReadOnly() {
        PinnedPages pages = PinnedPages.of(LibC.system(), Arena.ofConfined());
        MemorySegment same = PinnedPages.forAnyThread(map(pages).asReadOnly());
        assertTrue(same.isReadOnly());
        assertThrows(IllegalArgumentException.class, () -> same.fill((byte) 1));
        pages.close();
    }

    @Test
    void foreignMemoryIsReturnedUnchanged() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment foreign = arena.allocate(64);
            assertSame(foreign, PinnedPages.forAnyThread(foreign));
            MemorySegment heap = MemorySegment.ofArray(new byte[8]);
            assertSame(heap, PinnedPages.forAnyThread(heap));
        }
    }
}
