package io.pinbounce;

import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiMismatch;
import io.pinbounce.seal.TupleStore;
import io.pinbounce.seal.TupleStore.State;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Protection information at work on one inode: makes tuples, keeps them, and holds data against
 * them. The caller holds the range of the intervals it asks about.
 */
final class Guard {

    /**
     * Where a thread makes tuples, as large as it has needed so far: native, so that native code
     * has all memory of a bounced part in one call. What a request keeps of them is on the heap.
     */
    private static final ThreadLocal<MemorySegment> SCRATCH =
            ThreadLocal.withInitial(() -> MemorySegment.NULL);

    private final PiContext context;

    private final TupleStore store;

    private final int interval;

    private final int tupleSize;

    Guard(PiContext context, TupleStore store) {
        this.context = context;
        this.store = store;
        this.interval = context.interval();
        this.tupleSize = context.metadataSize();
    }

    /** Bytes in an interval. */
    int interval() {
        return interval;
    }

    TupleStore store() {
        return store;
    }

    /**
     * Makes tuples.
     *
     * @param data segments of whole intervals
     * @param first number of the first interval
     * @return one metadata record for each
     */
    MemorySegment generate(List<MemorySegment> data, long first) {
        long bytes = data.stream().mapToLong(MemorySegment::byteSize).sum();
        MemorySegment all = scratch(bytes / interval);
        long index = 0;
        for (MemorySegment segment : data) {
            long count = segment.byteSize() / interval;
            Pi.generate(context, segment, tuplesOf(all, index, count), first + index);
            index += count;
        }
        return kept(all);
    }

    /**
     * Copies data and makes the tuples of the copy, one interval after the other, while each is
     * warm.
     *
     * @param source segments of whole intervals
     * @param destination as many bytes, which nobody else can touch
     * @param first number of the first interval
     * @return one metadata record for each
     */
    MemorySegment generateCopy(List<MemorySegment> source, MemorySegment destination, long first) {
        MemorySegment all = scratch(destination.byteSize() / interval);
        long index = 0;
        for (MemorySegment segment : source) {
            long count = segment.byteSize() / interval;
            Pi.generateCopy(
                    context,
                    segment,
                    destination.asSlice(index * interval),
                    tuplesOf(all, index, count),
                    first + index);
            index += count;
        }
        return kept(all);
    }

    /** Room for tuples, all zeros, until this thread asks again. */
    private MemorySegment scratch(long count) {
        long bytes = count * tupleSize;
        MemorySegment memory = SCRATCH.get();
        if (memory.byteSize() < bytes) {
            memory = Arena.ofAuto().allocate(bytes, Long.BYTES);
            SCRATCH.set(memory);
        }
        return memory.asSlice(0, bytes).fill((byte) 0);
    }

    private static MemorySegment kept(MemorySegment scratch) {
        return MemorySegment.ofArray(scratch.toArray(ValueLayout.JAVA_BYTE));
    }

    /** The part of a tuple array that belongs to some of its intervals. */
    MemorySegment tuplesOf(MemorySegment tuples, long index, long count) {
        return tuples.asSlice(index * tupleSize, count * tupleSize);
    }

    /**
     * Holds data against what is known about it.
     *
     * @param data whole intervals
     * @param first number of the first
     * @return every bad interval; empty when all is well
     */
    List<BadInterval> verify(MemorySegment data, long first) {
        long count = data.byteSize() / interval;
        List<BadInterval> bad = List.of();
        long i = 0;
        while (i < count) {
            State state = store.state(first + i);
            long run = i + 1;
            while (run < count && store.state(first + run) == state) {
                run++;
            }
            List<BadInterval> found =
                    switch (state) {
                        case UNPROTECTED -> List.of();
                        case DAMAGED -> damaged(first + i, run - i);
                        case PROTECTED ->
                                mismatches(
                                        data.asSlice(i * interval, (run - i) * interval),
                                        first + i);
                    };
            bad = join(bad, found);
            i = run;
        }
        return bad;
    }

    /** How many of these intervals are not protected, so that nothing is known about their data. */
    long unprotected(long first, long count) {
        long unprotected = 0;
        for (long i = 0; i < count; i++) {
            if (store.state(first + i) == State.UNPROTECTED) {
                unprotected++;
            }
        }
        return unprotected;
    }

    /** Whether one interval's data matches a tuple that need not be the stored one. */
    boolean matches(MemorySegment data, MemorySegment tuple, long number) {
        return Pi.verify(context, data, tuple, number).isEmpty();
    }

    private List<BadInterval> mismatches(MemorySegment data, long first) {
        MemorySegment tuples = scratch(data.byteSize() / interval);
        store.load(first, data.byteSize() / interval, tuples);
        List<PiMismatch> mismatches = Pi.verify(context, data, tuples, first);
        if (mismatches.isEmpty()) {
            return List.of();
        }
        List<BadInterval> bad = new ArrayList<>(mismatches.size());
        for (PiMismatch mismatch : mismatches) {
            bad.add(new BadInterval(mismatch.interval(), mismatch.interval() * interval, mismatch));
        }
        return bad;
    }

    private List<BadInterval> damaged(long first, long count) {
        List<BadInterval> bad = new ArrayList<>();
        for (long number = first; number < first + count; number++) {
            bad.add(new BadInterval(number, number * interval, null));
        }
        return bad;
    }

    private static List<BadInterval> join(List<BadInterval> bad, List<BadInterval> found) {
        if (bad.isEmpty() || found.isEmpty()) {
            return bad.isEmpty() ? found : bad;
        }
        List<BadInterval> all = new ArrayList<>(bad);
        all.addAll(found);
        return all;
    }
}
