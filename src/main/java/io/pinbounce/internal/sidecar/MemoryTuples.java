package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.Seals.Digest;
import io.pinbounce.pi.PiContext;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Seals in memory, gone with the process. Pages of {@value #PER_PAGE} intervals are made when the
 * first of them is written, so a sparse file costs what its data costs.
 */
public final class MemoryTuples implements TupleStore {

    private static final int PER_PAGE = 1024;

    private static final byte NEVER_WRITTEN = -1;

    private final Seals seals;

    private final int interval;

    private final ConcurrentHashMap<Long, Page> pages = new ConcurrentHashMap<>();

    /** Intervals below this that were never written hold older data; those above are zeros. */
    private volatile long firstHole;

    /**
     * An empty store.
     *
     * @param context how tuples are made
     * @param existing intervals that hold data already, which is unprotected until it is rewritten
     */
    public MemoryTuples(PiContext context, long existing) {
        this.seals = new Seals(context, Digest.NONE);
        this.interval = context.interval();
        this.firstHole = existing;
    }

    @Override
    public Seals seals() {
        return seals;
    }

    @Override
    public void load(long first, int count, SealRun into) {
        into.clear(count);
        for (int i = 0; i < count; i++) {
            long number = first + i;
            Page page = pages.get(number / PER_PAGE);
            int index = (int) (number % PER_PAGE);
            if (page != null && page.states[index] != NEVER_WRITTEN) {
                into.set(i, State.of(page.states[index]), page.seals[index]);
            } else if (number < firstHole) {
                into.set(i, State.UNPROTECTED, 0);
            } else {
                into.set(i, State.PROTECTED, seals.ofZeros());
            }
        }
    }

    @Override
    public long unwritten(long first, long end) {
        long page = first / PER_PAGE;
        while (page * PER_PAGE < end && !pages.containsKey(page)) {
            page++;
        }
        long until = Math.clamp(page * PER_PAGE, first, end);
        return first < firstHole ? Math.min(until, firstHole) : until;
    }

    @Override
    public long nextPage(long interval) {
        return (interval / PER_PAGE + 1) * PER_PAGE;
    }

    @Override
    public void enter(Intent intent) {}

    @Override
    public void leave(Intent intent) {}

    @Override
    public void store(long first, SealRun run, int from, int to) {
        for (int i = from; i < to; i++) {
            Page page = pages.computeIfAbsent((first + i) / PER_PAGE, _ -> new Page());
            int index = (int) ((first + i) % PER_PAGE);
            page.seals[index] = run.seal(i);
            page.states[index] = run.state(i).code();
        }
    }

    @Override
    public void resized(long size, SealRun cut) {
        long intervals = (size + interval - 1) / interval;
        firstHole = Math.min(firstHole, intervals);
        long boundary = intervals / PER_PAGE;
        pages.keySet().removeIf(number -> number > boundary);
        Page page = pages.get(boundary);
        if (page != null) {
            Arrays.fill(page.states, (int) (intervals % PER_PAGE), PER_PAGE, NEVER_WRITTEN);
        }
        store(size / interval, cut, 0, cut.count());
    }

    /** What is known of consecutive intervals. */
    private static final class Page {

        final byte[] states = new byte[PER_PAGE];

        final long[] seals = new long[PER_PAGE];

        Page() {
            Arrays.fill(states, NEVER_WRITTEN);
        }
    }
}
