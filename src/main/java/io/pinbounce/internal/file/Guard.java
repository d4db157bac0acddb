package io.pinbounce.internal.file;

import io.pinbounce.BadInterval;
import io.pinbounce.BadInterval.Cause;
import io.pinbounce.Hole;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.sidecar.SealException;
import io.pinbounce.internal.sidecar.SealRun;
import io.pinbounce.internal.sidecar.Seals;
import io.pinbounce.internal.sidecar.TupleStore;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.internal.thread.ControlThreads;
import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiMismatch;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Protection information of one inode: makes tuples, stores them, and compares data with them. The
 * caller holds the range of the intervals that it asks about.
 */
public final class Guard {

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /**
     * Bytes that stay in a first-level data cache from computing the guard until computing the
     * digest.
     */
    private static final long FIRST_CACHE = 16 << 10;

    /** Bytes that are checked at once if there is no digest. */
    private static final long MAX_PART = 1 << 20;

    /**
     * How many pages of tuples, or runs without tuples, are looked at for a hole before its range
     * is released.
     */
    private static final int MAX_LOOKS = 256;

    private static final ThreadLocal<SealRun> KNOWN = ThreadLocal.withInitial(SealRun::new);

    private final PiContext context;

    /** Replaced only by a thread that has all intervals for itself. */
    private volatile TupleStore store;

    /** Held while tuples are forced, and while the store changes what a force does. */
    private final ReentrantLock forcing = new ReentrantLock();

    private final Seals seals;

    private final int interval;

    private final int tupleSize;

    /** Bytes that are checked at once, for the guard and then for the digest if there is one. */
    private final long warm;

    Guard(PiContext context, TupleStore store) {
        this.context = context;
        this.store = store;
        this.seals = store.seals();
        this.interval = context.interval();
        this.tupleSize = context.metadataSize();
        long stretch = seals.hasDigest() ? FIRST_CACHE : MAX_PART;
        this.warm = Math.max(interval, Alignment.down(stretch, interval));
    }

    /** Bytes in an interval. */
    public int interval() {
        return interval;
    }

    public TupleStore store() {
        return store;
    }

    /** Makes durable what is stored, as {@link TupleStore#force} says. */
    void force() throws SealException {
        forcing.lock();
        try {
            store.force();
        } finally {
            forcing.unlock();
        }
    }

    /** Lets another store take over; the caller has all intervals for itself. */
    void replace(TupleStore other) {
        forcing.lock();
        try {
            store = other;
        } finally {
            forcing.unlock();
        }
    }

    /** Changes what the store does, while no thread forces it. */
    void change(ControlThreads.Action<IOException> change) throws IOException {
        forcing.lock();
        try {
            change.run();
        } finally {
            forcing.unlock();
        }
    }

    /**
     * Makes tuples.
     *
     * @param data whole intervals
     * @param first number of the interval that the seals start with
     * @param into takes the seals, and has room for them
     * @param index of the data's first interval there
     * @return the index behind the last
     */
    public int generate(MemorySegment data, long first, SealRun into, int index) {
        int next = index;
        for (long at = 0; at < data.byteSize(); at += warm) {
            MemorySegment part = part(data, at);
            MemorySegment tuples = scratch((int) (part.byteSize() / interval));
            Pi.generate(context, part, tuples, first + next);
            next = seal(part, tuples, into, next);
        }
        return next;
    }

    /**
     * The same for a run of seals that covers exactly the data.
     *
     * @param into the seals
     */
    public void generate(MemorySegment data, long first, SealRun into) {
        into.clear(Math.toIntExact(data.byteSize() / interval));
        generate(data, first, into, 0);
    }

    private MemorySegment part(MemorySegment segment, long at) {
        return Slices.of(segment, at, Math.min(warm, segment.byteSize() - at));
    }

    /** Notes the seals of intervals; returns the index behind them. */
    private int seal(MemorySegment data, MemorySegment tuples, SealRun into, int at) {
        int count = (int) (data.byteSize() / interval);
        for (int i = 0; i < count; i++) {
            into.set(at + i, State.PROTECTED, seals.of(data, (long) i * interval, tuples, i));
        }
        return at + count;
    }

    /** Room for tuples, all zeros; valid until this thread calls this again. */
    private MemorySegment scratch(int count) {
        return SCRATCH.get().take((long) count * tupleSize).fill((byte) 0);
    }

    /**
     * What is known about intervals; valid until this thread calls this again.
     *
     * @param first number of the first
     * @param count how many
     */
    public SealRun known(long first, long count) throws IOException {
        SealRun known = KNOWN.get();
        store.load(first, Math.toIntExact(count), known);
        return known;
    }

    /**
     * Compares data with what is known about it.
     *
     * @param data whole intervals
     * @param first number of the first
     * @return every bad interval; empty when all is well
     */
    public List<BadInterval> verify(MemorySegment data, long first) throws IOException {
        return verify(data, first, known(first, data.byteSize() / interval));
    }

    /**
     * The same for a caller that has looked up what is known.
     *
     * @param known from {@link #known} of these intervals
     */
    public List<BadInterval> verify(MemorySegment data, long first, SealRun known) {
        List<BadInterval> bad = List.of();
        for (int from = 0; from < known.count(); from = known.runFrom(from)) {
            int to = known.runFrom(from);
            List<BadInterval> found =
                    switch (known.state(from)) {
                        case UNPROTECTED -> List.of();
                        case DAMAGED -> all(first + from, to - from, Cause.DAMAGED);
                        case LOST -> all(first + from, to - from, Cause.TUPLE_LOST);
                        case PROTECTED -> mismatches(data, first, known, from, to);
                    };
            bad = join(bad, found);
        }
        return bad;
    }

    /**
     * Compares a hole with what is known about its intervals.
     *
     * @param position of the hole's first byte, where an interval starts
     * @param end of the hole: whole units, or the end of the file
     * @param unit bytes that are judged at once, whole intervals
     * @return the part in which all intervals are known to be zeros, or unprotected; the hole may
     *     go on behind it
     */
    public Hole judge(long position, long end, long unit) throws IOException {
        long at = position;
        long unprotected = 0;
        for (int looks = 0; at < end && looks < MAX_LOOKS; looks++) {
            long first = at / interval;
            long last = (end + interval - 1) / interval;
            long until = store.unwritten(first, last);
            long to = until == last ? end : Alignment.down(until * interval, unit);
            if (to > at) {
                boolean isProtected = known(first, 1).state(0) == State.PROTECTED;
                unprotected += isProtected ? 0 : to - at;
                at = to;
                continue;
            }
            to = Math.min(end, at + unit);
            for (long next = store.nextPage(first) * interval; to + unit <= next && to < end; ) {
                to = Math.min(end, to + unit);
            }
            long wholeUnits = zeros(known(first, (to - at + interval - 1) / interval), unit);
            SealRun known = known(first, wholeUnits);
            for (int i = 0; i < known.count(); i++) {
                long bytes = Math.min(interval, end - at);
                unprotected += known.state(i) == State.UNPROTECTED ? bytes : 0;
                at += bytes;
            }
            if (at < to) {
                break;
            }
        }
        return new Hole(at, unprotected);
    }

    /** Intervals of whole units, from the first on, that are zeros or unprotected. */
    private long zeros(SealRun known, long unit) {
        for (int i = 0; i < known.count(); i++) {
            boolean isZeros =
                    switch (known.state(i)) {
                        case PROTECTED -> known.seal(i) == seals.ofZeros();
                        case UNPROTECTED -> true;
                        case DAMAGED, LOST -> false;
                    };
            if (!isZeros) {
                return Alignment.down(i, unit / interval);
            }
        }
        return known.count();
    }

    /** Whether one interval's data has a seal, which need not be the stored one. */
    public boolean matches(MemorySegment data, long seal, long number) {
        MemorySegment tuple = scratch(1);
        seals.putTuple(seal, number, tuple, 0);
        return Pi.verify(context, data, tuple, number).isEmpty()
                && seals.digestMatches(seal, data, 0);
    }

    private List<BadInterval> mismatches(
            MemorySegment data, long first, SealRun known, int from, int to) {
        List<BadInterval> bad = List.of();
        int step = (int) (warm / interval);
        for (int at = from; at < to; at += step) {
            bad = join(bad, mismatchesOfPart(data, first, known, at, Math.min(to, at + step)));
        }
        return bad;
    }

    private List<BadInterval> mismatchesOfPart(
            MemorySegment data, long first, SealRun known, int from, int to) {
        MemorySegment tuples = scratch(to - from);
        for (int i = from; i < to; i++) {
            seals.putTuple(known.seal(i), first + i, tuples, i - from);
        }
        MemorySegment part = Slices.of(data, (long) from * interval, (long) (to - from) * interval);
        List<PiMismatch> mismatches = Pi.verify(context, part, tuples, first + from);
        List<BadInterval> bad = mismatches.isEmpty() ? List.of() : all(mismatches);
        for (int i = from; i < to; i++) {
            long number = first + i;
            if (!seals.digestMatches(known.seal(i), data, (long) i * interval)
                    && bad.stream().noneMatch(found -> found.interval() == number)) {
                bad = join(bad, List.of(bad(number, Cause.DIGEST, null)));
            }
        }
        return bad;
    }

    private List<BadInterval> all(List<PiMismatch> mismatches) {
        return mismatches.stream()
                .map(mismatch -> bad(mismatch.interval(), Cause.MISMATCH, mismatch))
                .toList();
    }

    private List<BadInterval> all(long first, int count, Cause cause) {
        List<BadInterval> bad = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bad.add(bad(first + i, cause, null));
        }
        return bad;
    }

    private BadInterval bad(long number, Cause cause, @Nullable PiMismatch mismatch) {
        return new BadInterval(number, number * interval, cause, mismatch);
    }

    /** The bad intervals of both lists, in order. */
    public static List<BadInterval> join(List<BadInterval> bad, List<BadInterval> found) {
        if (bad.isEmpty() || found.isEmpty()) {
            return bad.isEmpty() ? found : bad;
        }
        List<BadInterval> all = new ArrayList<>(bad);
        all.addAll(found);
        return all;
    }

    /**
     * Memory in which a thread makes tuples, as large as the thread has needed so far. It is
     * native, so that one call of native code can use all memory of several intervals. Only seals
     * are kept of the tuples.
     */
    private static final class Scratch {

        private MemorySegment memory = MemorySegment.NULL;

        /** The slice that was taken last: requests of one size need no new object for it. */
        private MemorySegment taken = MemorySegment.NULL;

        MemorySegment take(long bytes) {
            if (memory.byteSize() < bytes) {
                memory = Arena.ofAuto().allocate(bytes, Long.BYTES);
            }
            if (taken.byteSize() != bytes) {
                taken = memory.asSlice(0, bytes);
            }
            return taken;
        }
    }
}
