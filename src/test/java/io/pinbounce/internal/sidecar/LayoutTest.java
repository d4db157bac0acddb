package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class LayoutTest {

    private static final long LOG_SIZE = 256 << 10;

    private final Layout layout = new Layout(LOG_SIZE);

    @Test
    void mapsAndTuplePagesFollowEachOtherWithoutGaps() {
        long end = Layout.LOG + LOG_SIZE;
        for (int map = 0; map < 3; map++) {
            assertEquals(end, layout.mapPosition(map));
            end += 2 * Layout.PAGE; // with its copy
            assertEquals(end, layout.end(map + 1L));
            for (int i = 0; i < Layout.PAGES_PER_MAP; i++) {
                long page = (long) map * Layout.PAGES_PER_MAP + i;
                assertEquals(end, layout.pagePosition(page));
                assertEquals(page, layout.pageAt(end));
                end += Layout.PAGE;
            }
        }
    }

    @Test
    void theDocumentedNumbersHold() {
        assertEquals(0, Layout.SUPERBLOCKS[0]);
        assertEquals(4096, Layout.SUPERBLOCKS[1]);
        assertEquals(8192, Layout.LOG);
        assertEquals(488, TuplePage.INTERVALS);
        assertEquals(8 * 504 * 8, Layout.PAGES_PER_MAP);
        assertEquals(Layout.LOG + LOG_SIZE, layout.end(0));
    }

    @Test
    void theLastPageCanBeCountedAndReached() {
        long pages = (long) Layout.MAX_MAPS * Layout.PAGES_PER_MAP;
        assertTrue(pages < Integer.MAX_VALUE);
        assertEquals(pages * TuplePage.INTERVALS, Layout.MAX_INTERVALS);
        assertTrue(new Layout(Layout.MAX_LOG).pagePosition(pages) > 0);
        Path path = Path.of("sidecar");
        SealException e =
                assertThrows(
                        SealException.class,
                        () -> Layout.requireCountable(Layout.MAX_INTERVALS + 1, path));
        assertTrue(String.valueOf(e.getMessage()).contains("intervals="), e.getMessage());
    }
}
