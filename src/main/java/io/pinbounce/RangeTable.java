package io.pinbounce;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is using which bytes of an inode, and who may change its size.
 *
 * <p>Requests enter in order of arrival: an entry is granted once no earlier one, granted or
 * waiting, conflicts with it. So nobody starves, and since a request asks for all it needs in one
 * entry, nobody deadlocks.
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

    /** The entry of everybody in the fast lane: its range is not known. */
    private static final Entry FAST = new Entry(0, 0, Use.SHARED, Size.READ);

    private final AtomicInteger lane = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition granted = lock.newCondition();

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

    /** A request's place; owned by one request. */
    static final class Entry {

        private final long start;

        private final long end;

        private final Use use;

        private final Size size;

        private boolean granted;

        private Entry(long start, long end, Use use, Size size) {
            this.start = start;
            this.end = end;
            this.use = use;
            this.size = size;
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
     * Enters, waiting for earlier requests that conflict. Interrupts do not end the wait; the
     * status is kept.
     *
     * @param start first byte
     * @param end byte behind the last; equal to {@code start} for no bytes at all
     * @param use of the bytes
     * @param size what happens to the size
     * @return the entry, to be given to {@link #exit}
     */
    Entry enter(long start, long end, Use use, Size size) {
        if (use == Use.SHARED && size == Size.READ) {
            if (lane.getAndIncrement() >= 0) {
                return FAST;
            }
            leaveLane();
        }
        Entry entry = new Entry(start, end, use, size);
        lock.lock();
        try {
            entries.add(entry);
            lane.getAndUpdate(s -> s | LISTED);
            grant();
            while (!entry.granted) {
                granted.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        return entry;
    }

    /** Leaves, letting in whoever waited for it. */
    void exit(Entry entry) {
        if (entry == FAST) {
            leaveLane();
            return;
        }
        lock.lock();
        try {
            entries.remove(entry);
            if (entries.isEmpty()) {
                lane.getAndUpdate(s -> s & ~LISTED);
            } else {
                grant();
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
                grant();
            } finally {
                lock.unlock();
            }
        }
    }

    private void grant() {
        boolean laneIsEmpty = lane.get() == LISTED;
        boolean any = false;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (!entry.granted
                    && (entry.use == Use.SHARED || laneIsEmpty)
                    && !conflictsBefore(entry, i)) {
                entry.granted = true;
                any = true;
            }
        }
        if (any) {
            granted.signalAll();
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
