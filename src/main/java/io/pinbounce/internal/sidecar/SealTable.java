package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.TupleStore.State;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;

/**
 * What a sidecar knows of intervals, in memory. It is in one of three places, the newest first:
 *
 * <pre>
 *   active overlay   what was written since the last checkpoint began
 *   frozen overlay   what a checkpoint is moving to the pages right now
 *   tuple pages      as they are on the disk; those used last are in the cache
 * </pre>
 *
 * <p>The caller holds the sidecar's lock.
 */
final class SealTable {

    /** Bytes of an entry of both overlays, whose tables are between a quarter and half full. */
    private static final int OVERLAY_ENTRY = 2 * 2 * 2 * (8 + 8 + 1);

    /** Pages of zeros that must be saved for each unprotected page that is written instead. */
    private static final int ZEROS_PER_PAGE = 8;

    private final TupleCache cache;

    private final PageMap map;

    private final long ofZeros;

    private final int limit;

    private Overlay active;

    private @Nullable Overlay frozen;

    /** Intervals below this that have no page are unprotected. */
    private long unprotected;

    /** What {@link #unprotected} will be once the checkpoint that is under way is done. */
    private long settled;

    /** Pages that are not there, and whose unprotected intervals are taken for zeros. */
    private final BitSet zeros = new BitSet();

    /** Whether the next checkpoint makes zeros of those pages. */
    private boolean settles;

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
        this.settled = unprotected;
        this.ofZeros = ofZeros;
        cache = new TupleCache((int) Math.min(memory / 3 * 2 / TupleCache.PAGE_BYTES, 1 << 30));
        limit = (int) Math.min(memory / 3 / OVERLAY_ENTRY, 1 << 28);
    }

    PageMap map() {
        return map;
    }

    /** Intervals below this that have no page are unprotected, after a checkpoint. */
    long settled() {
        return settled;
    }

    /** Whether more has changed than should stay in memory. */
    boolean isFull() {
        return active.size() > limit;
    }

    /**
     * Fills a part of a run of seals.
     *
     * @param first number of the interval that the run starts with
     * @param from the first index to be filled
     * @param to the index behind the last
     * @return -1, or the number of a page that is needed first
     */
    long load(long first, int from, int to, SealRun into) {
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

    /** As {@link TupleStore#unwritten}. */
    long unwritten(long first, long end) {
        long page = first / TuplePage.INTERVALS;
        long next = Math.min(next(map.next(page)), next(active.nextPage(page)));
        next = Math.min(next, frozen == null ? Long.MAX_VALUE : next(frozen.nextPage(page)));
        if (next == page) {
            return first;
        }
        long until = next == Long.MAX_VALUE ? end : Math.min(end, next * TuplePage.INTERVALS);
        return first < unprotected ? Math.min(until, unprotected) : until;
    }

    private static long next(long page) {
        return page < 0 ? Long.MAX_VALUE : page;
    }

    /** As {@link TupleStore#takeForZeros}; the page in which unprotected intervals end is whole. */
    long takeForZeros(long first, long end) {
        long until = Math.min(end, unwritten(first, end));
        long pages = until / TuplePage.INTERVALS;
        if (until == unprotected) {
            pages = (until + TuplePage.INTERVALS - 1) / TuplePage.INTERVALS;
        }
        int page = (int) (first / TuplePage.INTERVALS);
        if (first % TuplePage.INTERVALS != 0 || first >= unprotected || pages <= page) {
            return first;
        }
        zeros.set(page, (int) pages);
        return Math.min(until, pages * TuplePage.INTERVALS);
    }

    /**
     * Decides whether the next checkpoint makes zeros of what is taken for them. It does if nearly
     * all unprotected pages are written or taken for zeros, since it has to write the rest. A
     * checkpoint that only makes room does not ask: what the caller has not come to yet would be
     * that rest.
     *
     * @return whether the next checkpoint does
     */
    boolean settleZeros() {
        settles = false;
        if (!zeros.isEmpty()) {
            int pages = pagesOfUnprotected();
            int rest = pages - knownPages().get(0, pages).cardinality();
            settles = rest <= zeros.cardinality() / ZEROS_PER_PAGE + 1;
        }
        return settles;
    }

    private int pagesOfUnprotected() {
        return (int) ((unprotected + TuplePage.INTERVALS - 1) / TuplePage.INTERVALS);
    }

    /** Pages that are written, will be, or are taken for zeros. */
    private BitSet knownPages() {
        BitSet known = (BitSet) zeros.clone();
        map.addTo(known);
        active.addPagesTo(known);
        if (frozen != null) {
            frozen.addPagesTo(known);
        }
        return known;
    }

    /** Keeps the rest as unprotected pages: from then on a page that is not there is zeros. */
    private void settle() {
        settled = unprotected;
        if (!settles) {
            return;
        }
        settles = false;
        int pages = pagesOfUnprotected();
        BitSet known = knownPages();
        for (int page = known.nextClearBit(0); page < pages; page = known.nextClearBit(page + 1)) {
            active.put((long) page * TuplePage.INTERVALS, State.UNPROTECTED, 0);
        }
        settled = 0;
    }

    /** Takes a page that was read. */
    void install(long number, TuplePage page) {
        if (map.has(number) && !cache.has(number)) {
            cache.put(number, page);
        }
    }

    void put(long first, SealRun run, int from, int to) {
        for (int i = from; i < to; i++) {
            active.put(first + i, run.state(i), run.seal(i));
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
        settle();
        Overlay changes = end == Long.MAX_VALUE ? active : active.before(end);
        frozen = changes;
        active = new Overlay();
        return changes;
    }

    /** A copy of a page in the cache; null if it is not there. */
    @Nullable TuplePage cached(long page) {
        TuplePage cached = cache.get(page);
        return cached == null ? null : cached.copy();
    }

    /** A page that is not there yet. */
    TuplePage unwritten(long number) {
        long below = zeros.get(Math.toIntExact(number)) ? 0 : unprotected;
        return TuplePage.unwritten(number * TuplePage.INTERVALS, below, ofZeros);
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
        unprotected = Math.min(settled, checkpoint.end());
        if (unprotected == 0) {
            zeros.clear();
        }
        frozen = null;
    }
}
