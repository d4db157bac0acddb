package io.pinbounce.internal.sidecar;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.LogSector.Kind;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a crash has left: reads the log, and compares the data of every interval that is on record
 * there with its candidates. It changes nothing.
 *
 * <p>A group of intents counts if all its sectors are there. A group of which sectors are missing
 * was never durable, so none of its data was sent; or sectors were damaged since, so what is left
 * of the group counts where it matches the data.
 */
final class Recovery {

    /** Data read at once, where candidates follow each other. */
    private static final int WINDOW = 1 << 20;

    private final SidecarFiles files;

    private final Superblock superblock;

    private final PageMap map;

    private final Seals seals;

    private final PiContext context;

    private final int interval;

    private final List<Candidate> candidates = new ArrayList<>();

    private final Map<Long, TuplePage> pages = new HashMap<>();

    private long nextSequence;

    private long shortest;

    private long longest;

    private long groups;

    private long damagedSectors;

    /**
     * What an interval may be.
     *
     * @param interval its number
     * @param sequence of its group: the higher, the newer
     * @param group how much of its group is there
     * @param kind SEALS, or BASE for unprotected data
     * @param seal of the data
     */
    private record Candidate(long interval, long sequence, Group group, Kind kind, long seal) {}

    /** How much of a group is there. */
    private enum Group {
        /** All sectors: it counts. */
        WHOLE,
        /**
         * Some sectors: either it was never durable, and none of its data was sent, or sectors were
         * damaged since. So a match decides, and a mismatch proves nothing.
         */
        PART
    }

    /** What to do about a log that cannot be read. */
    enum Reading {
        /** It is an error, since the log decides what is damaged. */
        STRICT,
        /** Its sectors count as damaged. */
        TOLERANT
    }

    Recovery(SidecarFiles files, Superblock superblock, PageMap map, Seals seals) {
        this.files = files;
        this.superblock = superblock;
        this.map = map;
        this.seals = seals;
        this.context = superblock.context();
        this.interval = context.interval();
        nextSequence = superblock.tail();
        shortest = superblock.data().length();
        longest = shortest;
    }

    /** The first sequence that no group has. */
    long nextSequence() {
        return nextSequence;
    }

    /** How short the data may be. */
    long shortest() {
        return shortest;
    }

    /** How long the data may be, without padding. */
    long longest() {
        return longest;
    }

    /** Groups that count. */
    long groups() {
        return groups;
    }

    /** Sectors of the log that are neither good nor blank. */
    long damagedSectors() {
        return damagedSectors;
    }

    /** Finds all groups, and what is on record there. */
    void readLog(Reading reading) throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = SidecarFiles.allocate(arena, superblock.logSize());
            if (reading == Reading.STRICT) {
                files.readStrictly(Layout.LOG, log);
            } else {
                files.read(Layout.LOG, log);
            }
            BitSet parts = new BitSet();
            int count = (int) (log.byteSize() / Sector.SIZE);
            int run = 0; // good sectors of one group, ending here
            for (int i = 0; i < count; i++) {
                long at = (long) i * Sector.SIZE;
                if (!Sector.isGood(log, at, superblock.identity(), Layout.LOG + at)) {
                    damagedSectors += Sector.isBlank(log, at) ? 0 : 1;
                    run = 0;
                    continue;
                }
                if (!LogSector.isOfGroup(log, at)) {
                    damagedSectors++;
                    run = 0;
                    continue;
                }
                nextSequence = Math.max(nextSequence, LogSector.sequence(log, at) + 1);
                parts.set(i);
                run = continues(log, at, run) ? run + 1 : LogSector.index(log, at) == 0 ? 1 : 0;
                if (run == LogSector.count(log, at)) {
                    readGroup(log, at - (run - 1L) * Sector.SIZE, run);
                    parts.clear(i + 1 - run, i + 1);
                    run = 0;
                }
            }
            parts.stream().forEach(i -> readSector(log, (long) i * Sector.SIZE, Group.PART));
        }
        // Stable, and groups are read in no order: the newest of an interval comes first.
        candidates.sort(
                Comparator.comparingLong(Candidate::interval)
                        .thenComparing(Comparator.comparingLong(Candidate::sequence).reversed()));
    }

    private static boolean continues(MemorySegment log, long at, int run) {
        long before = at - Sector.SIZE;
        return run > 0
                && LogSector.index(log, at) == run
                && LogSector.sequence(log, at) == LogSector.sequence(log, before)
                && LogSector.count(log, at) == LogSector.count(log, before);
    }

    private void readGroup(MemorySegment log, long at, int sectors) {
        long sequence = LogSector.sequence(log, at);
        if (sequence < superblock.tail()) {
            return;
        }
        groups++;
        longest = Math.max(longest, LogSector.dataEnd(log, at));
        for (int i = 0; i < sectors; i++) {
            readSector(log, at + (long) i * Sector.SIZE, Group.WHOLE);
        }
    }

    private void readSector(MemorySegment log, long at, Group group) {
        long sequence = LogSector.sequence(log, at);
        if (sequence < superblock.tail()) {
            return;
        }
        boolean sound =
                LogSector.read(
                        log, at, (kind, number, word) -> take(sequence, group, kind, number, word));
        damagedSectors += sound ? 0 : 1;
    }

    private void take(long sequence, Group group, Kind kind, long number, long word) {
        if (kind == Kind.RESIZE) {
            shortest = Math.min(shortest, word);
            longest = Math.max(longest, word);
        } else {
            candidates.add(new Candidate(number, sequence, group, kind, word));
        }
    }

    /**
     * Decides for each interval that is on record what it is.
     *
     * @param length bytes of the data; what lies behind was never written
     * @return the states and seals of those intervals
     */
    Overlay judge(long length) throws SealException {
        Overlay judged = new Overlay();
        int unit = (int) Alignment.common(interval, Layout.PAGE);
        long size = Math.max(WINDOW / unit, 1) * (long) unit;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment window = SidecarFiles.allocate(arena, size);
            MemorySegment tuple = arena.allocate(context.metadataSize());
            long start = 0;
            long end = 0;
            int at = 0;
            long intervals = (length + interval - 1) / interval;
            while (at < candidates.size() && candidates.get(at).interval < intervals) {
                int next = at + 1;
                long number = candidates.get(at).interval;
                while (next < candidates.size() && candidates.get(next).interval == number) {
                    next++;
                }
                long position = number * interval;
                if (position >= end) {
                    start = Alignment.down(position, unit);
                    end = start + windowFor(at, start, size, unit);
                    readData(start, window.asSlice(0, end - start), length, unit);
                }
                MemorySegment data = window.asSlice(position - start, interval);
                Pi.generate(context, data, tuple, number);
                judge(number, seals.of(data, 0, tuple, 0), candidates.subList(at, next), judged);
                at = next;
            }
        }
        return judged;
    }

    /** How much to read at once: as far as candidates follow each other without a gap. */
    private long windowFor(int from, long start, long size, int unit) {
        long end = start + unit;
        for (int i = from; i < candidates.size() && end - start < size; i++) {
            long position = candidates.get(i).interval * interval;
            if (position > end) {
                break;
            }
            end = Math.max(end, Alignment.down(position, unit) + unit);
        }
        return Math.min(end - start, size);
    }

    private void readData(long start, MemorySegment window, long length, int unit)
            throws SealException {
        try {
            files.readData(start, window);
        } catch (SealException e) {
            if (e.errno() != Errno.EIO || window.byteSize() == unit) {
                throw e;
            }
            for (long at = 0; at < window.byteSize(); at += unit) {
                readUnit(start + at, window.asSlice(at, unit));
            }
        }
        long left = Math.clamp(length - start, 0, window.byteSize());
        window.asSlice(left).fill((byte) 0);
    }

    /** A unit that the disk cannot read matches no candidate; later reads report the error. */
    private void readUnit(long start, MemorySegment unit) throws SealException {
        try {
            files.readData(start, unit);
        } catch (SealException e) {
            if (e.errno() != Errno.EIO) {
                throw e;
            }
            unit.fill(SidecarFiles.UNREADABLE);
        }
    }

    private void judge(long number, long found, List<Candidate> newestFirst, Overlay judged)
            throws SealException {
        for (Candidate candidate : newestFirst) {
            if (candidate.seal == found) {
                State state = candidate.kind == Kind.SEALS ? State.PROTECTED : State.UNPROTECTED;
                judged.put(number, state, found);
                return;
            }
        }
        if (newestFirst.stream().noneMatch(candidate -> candidate.group == Group.WHOLE)) {
            return;
        }
        TuplePage page = page(number / TuplePage.INTERVALS);
        int index = (int) (number % TuplePage.INTERVALS);
        State home = page.state(index);
        boolean same = home == State.PROTECTED && page.seal(index) == found;
        State state = same || home == State.LOST ? home : State.DAMAGED;
        judged.put(number, state, same ? found : 0);
    }

    private TuplePage page(long number) throws SealException {
        TuplePage known = pages.get(number);
        if (known != null) {
            return known;
        }
        pages.clear(); // candidates come in order: one page at a time
        TuplePage page;
        if (map.has(number)) {
            long position = new Layout(superblock.logSize()).pagePosition(number);
            page = TuplePage.read(files, superblock.identity(), position);
        } else {
            page =
                    TuplePage.unwritten(
                            number * TuplePage.INTERVALS,
                            superblock.unprotected(),
                            seals.ofZeros());
        }
        pages.put(number, page);
        return page;
    }
}
