package io.pinbounce.internal.file;

import io.pinbounce.internal.thread.ThreadWait;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which requests use which bytes of an inode, and which request may change its size.
 *
 * <p>Requests enter in order of arrival: an entry is granted once no earlier entry, granted or
 * waiting, conflicts with it. So no request starves, and since each request asks for all that it
 * needs in one entry, there is no deadlock.
 *
 * <p>Entering never waits: the owner of an entry that is not granted at once is told when it is.
 *
 * <p><b>What it costs.</b> An entry that has to wait waits behind one of the entries in its way;
 * when that entry leaves, the waiting entry looks for another one. So an exit looks only at the
 * entries that wait behind it. Which entry to wait behind matters: the table chooses one that is
 * likely to leave last, the request just before for the same bytes.
 *
 * <pre>
 *   granted      waiting, each behind an entry that is in its way
 *    0..4  &lt;---  0..4  &lt;---  0..4  &lt;---  2..6
 *    5..9  &lt;---  8..9
 * </pre>
 *
 * <p>The common case, an aligned unguarded write while no request needs a range for itself, is not
 * listed but only counted: one uncontended atomic operation to enter and another to leave. A
 * request that needs a range for itself closes this fast lane and waits until it is empty.
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

    // The following fields are guarded by that lock.

    private long arrivals;

    private int listed;

    /** Whether the fast lane was seen empty since the list came into use: then it stays empty. */
    private boolean laneIsEmpty;

    /**
     * Stands for the whole fast lane: in the way of exclusive entries while the lane is not empty.
     */
    private final Entry laneEntry = new Entry();

    private final RangeTree exclusive = new RangeTree();

    private final RangeTree shared = new RangeTree();

    /** The entry that arrived last of all that change the size. */
    private @Nullable Entry lastResizer;

    /** Entries that may make the inode shorter: few, and seldom any. */
    private final List<Entry> cuts = new ArrayList<>();

    /** What an entry does with its range. */
    public enum Use {
        /** Other shared entries may use the range at the same time. */
        SHARED,
        /** No other request uses the range meanwhile. */
        EXCLUSIVE
    }

    /** What an entry does with the size of the inode. */
    public enum Size {
        /** Does not change the size. */
        READ,
        /** May change the size, one entry at a time: this is the inode's size lock. */
        CHANGE,
        /**
         * The same, and may make the inode shorter. A request behind such an entry does not know
         * what size to expect, so it takes the size lock at once: to ask for the lock later, it
         * would have to enter again behind all later requests.
         */
        CUT
    }

    /** What a request enters the table with, again and again; owned by that request. */
    public static final class Entry extends RangeTree.Node {

        private enum Listing {
            OUTSIDE,
            FAST_LANE,
            LIST
        }

        private Listing listing = Listing.OUTSIDE;

        private Use use = Use.SHARED;

        private Size size = Size.READ;

        private Runnable waiter = () -> {};

        private volatile boolean granted;

        /** The entry that this entry waits behind. */
        private @Nullable Entry inTheWay;

        /** Entries that wait behind this entry, in order of arrival. */
        private @Nullable Entry firstBehind;

        private @Nullable Entry lastBehind;

        /** Neighbours in the list of entries that wait behind the same entry. */
        private @Nullable Entry previous;

        private @Nullable Entry next;

        /** Neighbours in the list of entries that change the size. */
        private @Nullable Entry resizerBefore;

        private @Nullable Entry resizerAfter;

        public boolean isIn() {
            return listing != Listing.OUTSIDE;
        }

        /** Whether the range may be used now; once true, it stays true until the exit. */
        public boolean isGranted() {
            return granted;
        }

        /**
         * Whether the entry is in the fast lane: not listed, so the table does not know its range.
         */
        boolean isOnlyCounted() {
            return listing == Listing.FAST_LANE;
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
     * Enters behind all earlier entries.
     *
     * @param entry not in the table; to be given to {@link #exit}, granted or not
     * @param start first byte
     * @param end byte behind the last; equal to {@code start} for no bytes at all
     * @param use of the bytes
     * @param size what the entry does with the size; behind a cut of its bytes, {@code READ} counts
     *     as {@code CHANGE}
     * @param waiter is told once the entry is granted, unless it is granted at once. The thread
     *     that makes way tells it inside the table's lock: so the waiter must not take a lock that
     *     is held around a call of this table
     */
    public void enter(Entry entry, long start, long end, Use use, Size size, Runnable waiter) {
        entry.use = use;
        entry.size = size;
        entry.waiter = waiter;
        if (use == Use.SHARED && size == Size.READ && lane.get() >= 0) {
            if (lane.getAndIncrement() >= 0) {
                entry.listing = Entry.Listing.FAST_LANE;
                entry.granted = true;
                return;
            }
            leaveLane();
        }
        entry.listing = Entry.Listing.LIST;
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

    /**
     * Enters, and waits until the entry is granted. A thread that owns queues carries on with them
     * meanwhile.
     */
    Entry enterAndWait(long start, long end, Use use, Size size) {
        Entry entry = new Entry();
        ThreadWait thread = new ThreadWait();
        enter(entry, start, end, use, size, thread);
        thread.awaitUntil(entry::isGranted);
        return entry;
    }

    private boolean isBehindCut(Entry entry) {
        for (int i = 0; i < cuts.size(); i++) { // no iterator: requests make no garbage
            if (entry.overlaps(cuts.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Leaves only the size lock, for a request that was granted the lock and keeps its range. */
    public void leaveSize(Entry entry) {
        lock.lock();
        try {
            leaveResizers(entry);
            entry.size = Size.READ;
            makeWay(entry); // entries behind it that need its range wait again
        } finally {
            lock.unlock();
        }
    }

    /** Leaves, and grants the entries that waited only for this entry. */
    public void exit(Entry entry) {
        boolean fast = entry.listing == Entry.Listing.FAST_LANE;
        entry.listing = Entry.Listing.OUTSIDE;
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
        // A listed entry sets the list's flag before it reads the count, and an entry of the lane
        // lowers the count before it reads the flag: so one of the two sees that the lane is
        // empty.
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
     * Grants the entries behind one that has left, or lets them wait behind another entry; or
     * behind the fast lane again, if the lane is in use after all.
     */
    private void makeWay(Entry left) {
        Entry last = left.lastBehind;
        Entry entry = left.firstBehind;
        while (entry != null) {
            // Entries that are appended from here on have been looked at.
            Entry next = entry == last ? null : entry.next;
            entry.stopWaiting(left);
            if (!waits(entry)) {
                entry.granted = true;
                entry.waiter.run();
            }
            entry = next;
        }
    }

    /** Whether an entry has to wait; if so, it is put behind an entry that is in its way. */
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

    /**
     * Entries that were looked at so far to find those in the way: what tests measure the cost by.
     */
    long steps() {
        return exclusive.steps() + shared.steps();
    }
}
