package io.pinbounce.seal;

import io.pinbounce.seal.TupleStore.State;

import org.jspecify.annotations.Nullable;

/**
 * What a sidecar knows of intervals, in memory. It is in one of three places, the newest first:
 *
 * <pre>
 *   active overlay   what was written since the last checkpoint began
 *   frozen overlay   what a checkpoint is moving to the pages right now
 *   tuple pages      as they are on the disk; those used last are in the cache
 * </pre>
 *
 * <p>For the holder of the sidecar's lock.
 */
final class SealTable {

    /** Bytes of an entry of the overlay, at most half of whose places are used, and of its twin. */
    private static final int OVERLAY_ENTRY = 2 * 2 * 2 * (8 + 8 + 1);

    private final TupleCache cache;

    private final PageMap map;

    private final long ofZeros;

    private final int limit;

    private Overlay active;

    private @Nullable Overlay frozen;

    /** Intervals below this that have no page are unprotected. */
    private long unprotected;

    /**
     * Starts with what an opener has found.
     *
     * @param map the pages that are there
     * @param changes what differs from them
     * @param unprotected intervals below this that have no page are unprotected
     * @param ofZeros the seal of zeros
     * @param memory bytes that it may take
     */
    SealTable(PageMap map, Overlay changes, long unprotected, long ofZeros, long memory) {
        this.map = map;
        this.active = changes;
        this.unprotected = unprotected;
        this.ofZeros = ofZeros;
        cache = new TupleCache((int) Math.min(memory / 3 * 2 / TupleCache.PAGE_BYTES, 1 << 30));
        limit = (int) Math.min(memory / 3 / OVERLAY_ENTRY, 1 << 28);
    }

    PageMap map() {
        return map;
    }

    long unprotected() {
        return unprotected;
    }

    /** Whether more has changed than should stay in memory. */
    boolean isFull() {
        return active.size() > limit;
    }

    /**
     * Fills a part of a sheet.
     *
     * @param first number of the interval that the sheet starts with
     * @param from the first index to be filled
     * @param to the index behind the last
     * @return -1, or the number of a page that is needed first
     */
    long load(long first, int from, int to, Sheet into) {
        long number = -1;
        TuplePage page = null;
        for (int i = from; i < to; i++) {
            long at = first + i;
            if (active.get(at, into, i) || (frozen != null && frozen.get(at, into, i))) {
                continue;
            }
            if (number != at / TuplePage.INTERVALS) {
                number = at / TuplePage.INTERVALS;
                page = map.has(number) ? cache.get(number) : null;
                if (page == null && map.has(number)) {
                    return number;
                }
            }
            if (page != null) {
                int index = (int) (at % TuplePage.INTERVALS);
                into.set(i, page.state(index), page.seal(index));
            } else if (at < unprotected) {
                into.set(i, State.UNPROTECTED, 0);
            } else {
                into.set(i, State.PROTECTED, ofZeros);
            }
        }
        return -1;
    }

    /** The first page that {@link #load} would need; -1 if it needs none. */
    long firstMissing(long first, int count) {
        long last = (first + count - 1) / TuplePage.INTERVALS;
        for (long number = first / TuplePage.INTERVALS; number <= last; number++) {
            if (map.has(number) && !cache.has(number)) {
                return number;
            }
        }
        return -1;
    }

    /** Takes a page that was read. */
    void install(long number, TuplePage page) {
        if (map.has(number) && !cache.has(number)) {
            cache.put(number, page);
        }
    }

    void put(long first, Sheet sheet, int from, int to) {
        for (int i = from; i < to; i++) {
            active.put(first + i, sheet.state(i), sheet.seal(i));
        }
    }

    /** Whether anything but zeros may be known from an interval on. */
    boolean hasFrom(long interval) {
        return active.size() > 0
                || frozen != null
                || unprotected > interval
                || map.next(Math.min(interval / TuplePage.INTERVALS, map.end())) >= 0;
    }

    /**
     * Begins to move what has changed.
     *
     * @param end what is known from there on is forgotten
     */
    Overlay freeze(long end) {
        Overlay changes = end == Long.MAX_VALUE ? active : active.before(end);
        frozen = changes;
        active = new Overlay();
        return changes;
    }

    /** A copy of a page that is at hand; null for none. */
    @Nullable TuplePage cached(long page) {
        TuplePage cached = cache.get(page);
        return cached == null ? null : cached.copy();
    }

    /** A page that is not there yet. */
    TuplePage unwritten(long number) {
        return TuplePage.unwritten(number * TuplePage.INTERVALS, unprotected, ofZeros);
    }

    /** Pages that follow each other were written. */
    void add(long first, int count) {
        for (int i = 0; i < count; i++) {
            map.add(first + i);
        }
    }

    /** What has changed is on the pages, and durable. */
    void thaw(Checkpoint checkpoint) {
        cache.removeFrom(checkpoint.firstRemoved());
        checkpoint.applyTo(cache);
        unprotected = Math.min(unprotected, checkpoint.end());
        frozen = null;
    }
}
