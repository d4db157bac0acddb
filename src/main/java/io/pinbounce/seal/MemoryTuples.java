package io.pinbounce.seal;

import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tuples in memory, gone with the process. Pages of {@value #PER_PAGE} intervals are made when the
 * first of them is written, so a sparse file costs what its data costs.
 */
public final class MemoryTuples implements TupleStore {

    private static final int PER_PAGE = 1024;

    private final PiContext context;

    private final int tupleSize;

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
        this.context = context;
        this.tupleSize = context.metadataSize();
        this.firstHole = existing;
    }

    @Override
    public State state(long interval) {
        Page page = pages.get(interval / PER_PAGE);
        State written = page == null ? null : page.states[(int) (interval % PER_PAGE)];
        if (written != null) {
            return written;
        }
        return interval < firstHole ? State.UNPROTECTED : State.PROTECTED;
    }

    @Override
    public void load(long first, long count, MemorySegment tuples) {
        for (long i = 0; i < count; i++) {
            long interval = first + i;
            Page page = pages.get(interval / PER_PAGE);
            int index = (int) (interval % PER_PAGE);
            MemorySegment tuple = tuples.asSlice(i * tupleSize, tupleSize);
            if (page == null || page.states[index] == null) {
                Pi.generateZeros(context, tuple, interval, 1);
            } else {
                MemorySegment.copy(page.tuples, (long) index * tupleSize, tuple, 0, tupleSize);
            }
        }
    }

    @Override
    public void store(long first, long count, MemorySegment tuples) {
        for (long i = 0; i < count; i++) {
            Page page = page(first + i);
            int index = (int) ((first + i) % PER_PAGE);
            MemorySegment.copy(
                    tuples, i * tupleSize, page.tuples, (long) index * tupleSize, tupleSize);
            page.states[index] = State.PROTECTED;
        }
    }

    @Override
    public void damage(long first, long count) {
        for (long interval = first; interval < first + count; interval++) {
            page(interval).states[(int) (interval % PER_PAGE)] = State.DAMAGED;
        }
    }

    @Override
    public void truncate(long intervals) {
        firstHole = Math.min(firstHole, intervals);
        long boundary = intervals / PER_PAGE;
        pages.keySet().removeIf(number -> number > boundary);
        Page page = pages.get(boundary);
        if (page != null) {
            for (int index = (int) (intervals % PER_PAGE); index < PER_PAGE; index++) {
                page.states[index] = null;
            }
        }
    }

    private Page page(long interval) {
        return pages.computeIfAbsent(interval / PER_PAGE, _ -> new Page(tupleSize));
    }

    /** States and tuples of consecutive intervals; a null state stands for "never written". */
    private static final class Page {

        final @Nullable State[] states = new State[PER_PAGE];

        final MemorySegment tuples;

        Page(int tupleSize) {
            tuples = MemorySegment.ofArray(new byte[PER_PAGE * tupleSize]);
        }
    }
}
