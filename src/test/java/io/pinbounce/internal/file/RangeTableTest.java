package io.pinbounce.internal.file;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.file.RangeTable.Entry;
import io.pinbounce.internal.file.RangeTable.Size;
import io.pinbounce.internal.file.RangeTable.Use;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

class RangeTableTest {

    private static final String WAIT = "awaitUntil";

    private final RangeTable table = new RangeTable();

    @Test
    void sharedEntriesAloneAreOnlyCounted() throws Exception {
        Entry first = shared(0, 10);
        Entry second = shared(5, 15);
        assertTrue(first.isOnlyCounted());
        assertTrue(second.isOnlyCounted());
        table.exit(first);
        table.exit(second);
        Entry alone = exclusive(0, 10);
        Entry listed = shared(10, 20);
        assertFalse(listed.isOnlyCounted());
        table.exit(listed);
        table.exit(alone);
        assertTrue(shared(0, 10).isOnlyCounted(), "the lane is open again");
    }

    @Test
    void whoWantsARangeForHimselfWaitsUntilTheFastLaneIsEmpty() throws Exception {
        Entry first = shared(0, 10);
        Entry second = shared(50, 60);
        Background<Entry> alone =
                Background.call(() -> enter(Use.EXCLUSIVE, 100, 110)).awaitWaitingIn(WAIT);
        table.exit(first);
        alone.awaitWaitingIn(WAIT);
        table.exit(second);
        table.exit(alone.result());
    }

    @Test
    void anExclusiveEntryIsNotStarvedByAStreamOfSharedOnes() throws Exception {
        Entry inside = shared(0, 10);
        Background<Entry> alone =
                Background.call(() -> enter(Use.EXCLUSIVE, 0, 10)).awaitWaitingIn(WAIT);
        List<Background<Entry>> stream = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stream.add(Background.call(() -> enter(Use.SHARED, 0, 10)).awaitWaitingIn(WAIT));
        }
        table.exit(inside);
        Entry granted = alone.result();
        for (Background<Entry> later : stream) {
            later.awaitWaitingIn(WAIT);
        }
        table.exit(granted);
        for (Background<Entry> later : stream) {
            table.exit(later.result());
        }
    }

    @Test
    void anExclusiveEntryGetsThroughThreadsThatNeverPause() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        List<Background<Boolean>> stream = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stream.add(
                    Background.call(
                            () -> {
                                while (!stop.get()) {
                                    table.exit(enter(Use.SHARED, 0, 10));
                                }
                                return true;
                            }));
        }
        Background<Boolean> alone =
                Background.call(
                        () -> {
                            for (int i = 0; i < 200; i++) {
                                table.exit(enter(Use.EXCLUSIVE, 0, 10));
                            }
                            return true;
                        });
        try {
            assertTrue(alone.result());
        } finally {
            stop.set(true);
        }
        for (Background<Boolean> thread : stream) {
            assertTrue(thread.result());
        }
    }

    @Test
    void rangesThatOnlyTouchAreUsedTogether() throws Exception {
        Entry first = exclusive(0, 10);
        Entry second = exclusive(10, 20);
        Entry third = shared(20, 30);
        table.exit(first);
        table.exit(second);
        table.exit(third);
    }

    @Test
    void noBytesAreInNobodysWay() throws Exception {
        Entry all = exclusive(0, 100);
        Entry none = exclusive(50, 50);
        table.exit(none);
        table.exit(all);
    }

    @Test
    void theSizeIsChangedByOneAtATime() throws Exception {
        Entry first = resizer(0, 10);
        assertTrue(first.changesSize());
        Background<Entry> second = Background.call(() -> resizer(100, 110)).awaitWaitingIn(WAIT);
        Entry reader = shared(0, 10);
        assertFalse(reader.changesSize());
        table.exit(reader);
        table.exit(first);
        table.exit(second.result());
    }

    @Test
    void anInterruptNeitherEndsTheWaitNorGetsLost() throws Exception {
        Entry inside = exclusive(0, 10);
        Background<Boolean> waiter =
                Background.call(
                                () -> {
                                    Entry entry = enter(Use.SHARED, 0, 10);
                                    boolean kept = Thread.currentThread().isInterrupted();
                                    table.exit(entry);
                                    return kept;
                                })
                        .awaitWaitingIn(WAIT);
        waiter.interrupt();
        Thread.sleep(50);
        assertFalse(waiter.isDone(), "the wait goes on");
        table.exit(inside);
        assertTrue(waiter.result(), "the status is kept");
    }

    /** What it needs is known once the cut is made; until then its place must not be lost. */
    @Test
    void whoEntersBehindACutOfItsBytesTakesTheSizeLockInItsPlace() {
        Entry cut = entered(100, Long.MAX_VALUE, Use.EXCLUSIVE, Size.CUT);
        Entry behind = entered(150, 160, Use.EXCLUSIVE, Size.READ);
        Entry apart = entered(0, 100, Use.EXCLUSIVE, Size.READ);
        Entry later = entered(0, 0, Use.SHARED, Size.CHANGE);
        assertTrue(cut.isGranted() && apart.isGranted());
        assertFalse(behind.isGranted() || later.isGranted());
        assertTrue(behind.changesSize() && !apart.changesSize());
        table.exit(cut);
        assertTrue(behind.isGranted());
        assertFalse(later.isGranted(), "one at a time");
        table.exit(behind);
        assertTrue(later.isGranted());
        Entry after = entered(150, 160, Use.EXCLUSIVE, Size.READ);
        assertFalse(after.changesSize(), "the cut is over");
    }

    @Test
    void whoLeavesTheSizeLockKeepsItsRange() {
        Entry both = entered(0, 10, Use.SHARED, Size.CHANGE);
        Entry range = entered(0, 10, Use.EXCLUSIVE, Size.READ);
        Entry size = entered(0, 0, Use.SHARED, Size.CHANGE);
        assertFalse(range.isGranted() || size.isGranted());
        table.leaveSize(both);
        assertTrue(size.isGranted());
        assertFalse(range.isGranted() || both.changesSize());
        table.exit(both);
        assertTrue(range.isGranted());
    }

    private Entry entered(long start, long end, Use use, Size size) {
        Entry entry = new Entry();
        table.enter(entry, start, end, use, size, () -> {});
        return entry;
    }

    /** Must not wait: an entry belongs to a request, so another thread may fetch it. */
    private Entry shared(long start, long end) throws Exception {
        return Background.call(() -> enter(Use.SHARED, start, end)).result();
    }

    /** Must not wait either. */
    private Entry exclusive(long start, long end) throws Exception {
        return Background.call(() -> enter(Use.EXCLUSIVE, start, end)).result();
    }

    private Entry enter(Use use, long start, long end) {
        return RangeUsers.enter(table, new RangeUsers.Range(start, end, use, Size.READ));
    }

    private Entry resizer(long start, long end) {
        return RangeUsers.enter(table, new RangeUsers.Range(start, end, Use.SHARED, Size.CHANGE));
    }
}
