package io.pinbounce.internal.file;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which requests use which bytes of an inode, and which one may change its size.
 *
 * <p>Requests enter in order of arrival: an entry is granted once no earlier one, granted or
 * waiting, conflicts with it. So no request starves, and since each asks for all it needs in one
 * entry, there is no deadlock.
 *
 * <p>Entering never waits: the owner of an entry that is not granted at once is told when it is.
 *
 * <p><b>What it costs.</b> An entry that has to wait does so behind one of those in its way, and
 * looks for another when that one leaves: so an exit looks at those that wait behind it, and at no
 * others. Which one it is matters: it is one that is likely to leave last, the request just before
 * for the same bytes.
 *
 * <pre>
 *   granted      waiting, each behind one that is in its way
 *    0..4  &lt;---  0..4  &lt;---  0..4  &lt;---  2..6
 *    5..9  &lt;---  8..9
 * </pre>
 *
 * <p>The common case, an aligned unguarded write while no request needs a range for itself, is not
 * listed at all but only counted: one uncontended atomic operation on the way in and one on the way
 * out. A request that does need a range for itself closes that fast lane and waits until it is
 * empty.
 *
 * <pre>
 *  bit 31   the list is in use: all entries go there
 *  30..0    entries in the fast lane
 * </pre>
 */
public final class RangeTable {

    private static final int LISTED = Integer.MIN_VALUE;

    private final AtomicInteger lane = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();

    // The following are guarded by that lock.

    private long arrivals;

    private int listed;

    /** Whether the fast lane was seen empty since the list came into use: it stays so. */
    private boolean laneIsEmpty;

    /** In the way of exclusive entries as long as the fast lane is not empty. */
    private final Entry laneEntry = new Entry();

    private final RangeTree exclusive = new RangeTree();

    private final RangeTree shared = new RangeTree();

    /** The last to arrive of those that change the size. */
    private @Nullable Entry lastResizer;

    /** Those that may make the inode shorter: few, and seldom any. */
    private final List<Entry> cuts = new ArrayList<>();

    /** What an entry does with its range. */
    public enum Use {
        /** Others may use it the same way at the same time. */
        SHARED,
        /** No other request touches it. */
        EXCLUSIVE
    }

    /** What an entry does with the size of the inode. */
    public enum Size {
        /** Takes it as it is. */
        READ,
        /** May change it, one at a time: the inode's size lock. */
        CHANGE,
        /**
         * The same, and may make the inode shorter, so that a request behind it does not know what
         * size to expect: that takes the size lock, too, rather than lose its place for it later.
         */
        CUT
    }

    /** A request's place, to be entered and left again and again; owned by one request. */
    public static final class Entry extends RangeTree.Node {

        private enum Place {
            OUTSIDE,
            FAST_LANE,
            LIST
        }

        private Place place = Place.OUTSIDE;

        private Use use = Use.SHARED;

        private Size size = Size.READ;

        private Runnable waiter = () -> {};

        private volatile boolean granted;

        /** The entry that this one waits behind. */
        private @Nullable Entry inTheWay;

        /** Those that wait behind this one, in the order in which they came. */
        private @Nullable Entry firstBehind;

        private @Nullable Entry lastBehind;

        /** Others that wait behind the same one. */
        private @Nullable Entry previous;

        private @Nullable Entry next;

        /** Others that change the size. */
        private @Nullable Entry resizerBefore;

        private @Nullable Entry resizerAfter;

        public boolean isIn() {
            return place != Place.OUTSIDE;
        }

        /** Whether the range may be used now; true once, true until the exit. */
        public boolean isGranted() {
            return granted;
        }

        /** Whether it is in the fast lane: not listed, so its range is not known. */
        public boolean isOnlyCounted() {
            return place == Place.FAST_LANE;
        }

        public boolean changesSize() {
            return size != Size.READ;
        }

        private void waitBehind(Entry other) {
            inTheWay = other;
            previous = other.lastBehind;
            next = null;
            if (previous == null) {
                other.firstBehind = this;
            } else {
                previous.next = this;
            }
            other.lastBehind = this;
        }

        private void stopWaiting(Entry behind) {
            if (previous == null) {
                behind.firstBehind = next;
            } else {
                previous.next = next;
            }
            if (next == null) {
                behind.lastBehind = previous;
            } else {
                next.previous = previous;
            }
            inTheWay = null;
            previous = null;
            next = null;
        }
    }

    /**
     * Enters behind all that did so before.
     *
     * @param entry outside; to be given to {@link #exit}, granted or not
     * @param start first byte
     * @param end byte behind the last; equal to {@code start} for no bytes at all
     * @param use of the bytes
     * @param size what happens to the size; behind a cut of its bytes, an entry may change it
     * @param waiter is told once the entry is granted, unless it is so at once; by the thread that
     *     makes way, inside the table's lock: it takes no lock that is held around a call here
     */
    public void enter(Entry entry, long start, long end, Use use, Size size, Runnable waiter) {
        entry.use = use;
        entry.size = size;
        entry.waiter = waiter;
        if (use == Use.SHARED && size == Size.READ && lane.get() >= 0) {
            if (lane.getAndIncrement() >= 0) {
                entry.place = Entry.Place.FAST_LANE;
                entry.granted = true;
                return;
            }
            leaveLane();
        }
        entry.place = Entry.Place.LIST;
        entry.granted = false;
        lock.lock();
        try {
            entry.set(start, end, arrivals++);
            if (size == Size.READ && isBehindCut(entry)) {
                entry.size = Size.CHANGE;
            }
            list(entry);
            entry.granted = !waits(entry);
        } finally {
            lock.unlock();
        }
    }

    private boolean isBehindCut(Entry entry) {
        for (int i = 0; i < cuts.size(); i++) { // no iterator: requests make no garbage
            if (entry.overlaps(cuts.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Leaves the size lock alone, for a request that was granted that and goes on. */
    public void leaveSize(Entry entry) {
        lock.lock();
        try {
            leaveResizers(entry);
            entry.size = Size.READ;
            makeWay(entry); // some wait behind it for its range all the same
        } finally {
            lock.unlock();
        }
    }

    /** Leaves, letting in those that waited for it alone. */
    public void exit(Entry entry) {
        boolean fast = entry.place == Entry.Place.FAST_LANE;
        entry.place = Entry.Place.OUTSIDE;
        entry.granted = false;
        if (fast) {
            leaveLane();
            return;
        }
        lock.lock();
        try {
            unlist(entry);
            makeWay(entry);
        } finally {
            lock.unlock();
        }
    }

    private void leaveLane() {
        // The list's flag is set before its owner looks at the count, and the count is lowered
        // before we look at the flag: one of us sees that the lane is empty.
        if (lane.decrementAndGet() == LISTED) {
            lock.lock();
            try {
                makeWay(laneEntry);
            } finally {
                lock.unlock();
            }
        }
    }

    private void list(Entry entry) {
        if (listed++ == 0) {
            lane.getAndUpdate(s -> s | LISTED);
        }
        if (entry.hasBytes()) {
            tree(entry).add(entry);
        }
        if (entry.changesSize()) {
            entry.resizerBefore = lastResizer;
            if (lastResizer != null) {
                lastResizer.resizerAfter = entry;
            }
            lastResizer = entry;
        }
        if (entry.size == Size.CUT) {
            cuts.add(entry);
        }
    }

    private void unlist(Entry entry) {
        if (entry.inTheWay != null) {
            entry.stopWaiting(entry.inTheWay);
        }
        if (entry.hasBytes()) {
            tree(entry).remove(entry);
        }
        if (entry.changesSize()) {
            leaveResizers(entry);
        }
        if (--listed == 0) {
            laneIsEmpty = false;
            lane.getAndUpdate(s -> s & ~LISTED);
        }
    }

    private void leaveResizers(Entry entry) {
        Entry before = entry.resizerBefore;
        Entry after = entry.resizerAfter;
        if (before != null) {
            before.resizerAfter = after;
        }
        if (after == null) {
            lastResizer = before;
        } else {
            after.resizerBefore = before;
        }
        entry.resizerBefore = null;
        entry.resizerAfter = null;
        cuts.remove(entry);
    }

    private RangeTree tree(Entry entry) {
        return entry.use == Use.EXCLUSIVE ? exclusive : shared;
    }

    /**
     * Those behind one that has left are granted, or wait behind another; or behind the fast lane
     * again, if it is in use after all.
     */
    private void makeWay(Entry left) {
        Entry last = left.lastBehind;
        Entry entry = left.firstBehind;
        while (entry != null) {
            Entry next = entry == last ? null : entry.next; // what comes behind was looked at
            entry.stopWaiting(left);
            if (!waits(entry)) {
                entry.granted = true;
                entry.waiter.run();
            }
            entry = next;
        }
    }

    /** Whether an entry has to wait; it does so behind one that is in its way. */
    private boolean waits(Entry entry) {
        Entry other = findInTheWay(entry);
        if (other == null) {
            return false;
        }
        entry.waitBehind(other);
        return true;
    }

    private @Nullable Entry findInTheWay(Entry entry) {
        if (entry.resizerBefore != null) {
            return entry.resizerBefore;
        }
        RangeTree.Node other = exclusive.overlapBefore(entry);
        if (other == null && entry.use == Use.EXCLUSIVE) {
            laneIsEmpty = laneIsEmpty || lane.get() == LISTED;
            other = laneIsEmpty ? shared.overlapBefore(entry) : laneEntry;
        }
        return (Entry) other;
    }

    /** Entries that were looked at so far to find out which is in another's way. */
    public long steps() {
        return exclusive.steps() + shared.steps();
    }
}
