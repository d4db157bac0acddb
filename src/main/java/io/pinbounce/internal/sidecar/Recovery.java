package io.pinbounce.internal.sidecar;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.LogContents.Candidate;
import io.pinbounce.internal.sidecar.LogContents.Group;
import io.pinbounce.internal.sidecar.LogSector.Kind;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a crash has left: compares the data of every interval that is on record in the log with its
 * candidates. It changes nothing.
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

    private final List<Candidate> candidates;

    private final Map<Long, TuplePage> pages = new HashMap<>();

    Recovery(
            SidecarFiles files,
            Superblock superblock,
            PageMap map,
            Seals seals,
            List<Candidate> candidates) {
        this.files = files;
        this.superblock = superblock;
        this.map = map;
        this.seals = seals;
        this.candidates = candidates;
        this.context = superblock.context();
        this.interval = context.interval();
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
            while (at < candidates.size() && candidates.get(at).interval() < intervals) {
                int next = at + 1;
                long number = candidates.get(at).interval();
                while (next < candidates.size() && candidates.get(next).interval() == number) {
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
            long position = candidates.get(i).interval() * interval;
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
            if (candidate.seal() == found) {
                State state = candidate.kind() == Kind.SEALS ? State.PROTECTED : State.UNPROTECTED;
                judged.put(number, state, found);
                return;
            }
        }
        if (newestFirst.stream().noneMatch(candidate -> candidate.group() == Group.WHOLE)) {
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
