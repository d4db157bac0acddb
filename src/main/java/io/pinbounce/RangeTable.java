package io.pinbounce;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is using which bytes of an inode, and who may change its size.
 *
 * <p>Requests enter in order of arrival: an entry is granted once no earlier one, granted or
 * waiting, conflicts with it. So nobody starves, and since a request asks for all it needs in one
 * entry, nobody deadlocks.
 *
 * <p>Entering never waits: who is not granted his entry at once is told when it is.
 *
 * <p>The common case, an aligned unguarded write while nobody needs a range for himself, is not
 * listed at all but only counted: one uncontended atomic operation on the way in and one on the way
 * out. Whoever does need a range for himself closes that fast lane and waits until it is empty.
 *
 * <pre>
 *  bit 31   the list is in use: everybody enters there
 *  30..0    entries in the fast lane
 * </pre>
 */
final class RangeTable {

    private static final int LISTED = Integer.MIN_VALUE;

    private final AtomicInteger lane = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();

    /** In order of arrival. */
    private final List<Entry> entries = new ArrayList<>();

    /** What an entry does with its range. */
    enum Use {
        /** Others may use it the same way at the same time. */
        SHARED,
        /** Nobody else touches it. */
        EXCLUSIVE
    }

    /** What an entry does with the size of the inode. */
    enum Size {
        /** Takes it as it is. */
        READ,
        /** May change it, one at a time: the inode's size lock. */
        CHANGE
    }

    /** A request's place, to be entered and left again and again; owned by one request. */
    static final class Entry {

        private enum Place {
            OUTSIDE,
            FAST_LANE,
            LIST
        }

        private Place place = Place.OUTSIDE;

        private long start;

        private long end;

        private Use use = Use.SHARED;

        private Size size = Size.READ;

        private Runnable waiter = () -> {};

        private volatile boolean granted;

        boolean isIn() {
            return place != Place.OUTSIDE;
        }

        /** Whether the range may be used now; true once, true until the exit. */
        boolean isGranted() {
            return granted;
        }

        /** Whether it is in the fast lane: not listed, so nobody knows its range. */
        boolean isOnlyCounted() {
            return place == Place.FAST_LANE;
        }

        boolean changesSize() {
            return size == Size.CHANGE;
        }

        private boolean conflictsWith(Entry other) {
            boolean overlap = Math.max(start, other.start) < Math.min(end, other.end);
            boolean alone = use == Use.EXCLUSIVE || other.use == Use.EXCLUSIVE;
            return (overlap && alone) || (changesSize() && other.changesSize());
        }
    }

    /**
     * Enters behind everybody who did so before.
     *
     * @param entry outside; to be given to {@link #exit}, granted or not
     * @param start first byte
     * @param end byte behind the last; equal to {@code start} for no bytes at all
     * @param use of the bytes
     * @param size what happens to the size
     * @param waiter is told once the entry is granted, unless it is so at once; by the thread that
     *     makes way, inside the table's lock: it takes no lock that is held around a call here
     */
    void enter(Entry entry, long start, long end, Use use, Size size, Runnable waiter) {
        entry.start = start;
        entry.end = end;
        entry.use = use;
        entry.size = size;
        entry.waiter = waiter;
        if (use == Use.SHARED && size == Size.READ) {
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
            entries.add(entry);
            lane.getAndUpdate(s -> s | LISTED);
            grant(entry);
        } finally {
            lock.unlock();
        }
    }

    /** Leaves, letting in whoever waited for it. */
    void exit(Entry entry) {
        boolean fast = entry.place == Entry.Place.FAST_LANE;
        entry.place = Entry.Place.OUTSIDE;
        entry.granted = false;
        if (fast) {
            leaveLane();
            return;
        }
        lock.lock();
        try {
            entries.remove(entry);
            if (entries.isEmpty()) {
                lane.getAndUpdate(s -> s & ~LISTED);
            } else {
                grant(null);
            }
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
                grant(null);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Grants what can be; the one who asks sees it for himself. */
    private void grant(@Nullable Entry asking) {
        boolean laneIsEmpty = lane.get() == LISTED;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (!entry.granted
                    && (entry.use == Use.SHARED || laneIsEmpty)
                    && !conflictsBefore(entry, i)) {
                entry.granted = true;
                if (entry != asking) {
                    entry.waiter.run();
                }
            }
        }
    }

    private boolean conflictsBefore(Entry entry, int index) {
        for (int i = 0; i < index; i++) {
            if (entries.get(i).conflictsWith(entry)) {
                return true;
            }
        }
        return false;
    }
}
