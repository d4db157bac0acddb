package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.LogSector.Kind;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What the log of a sidecar has on record.
 *
 * <p>A group of intents counts if all its sectors are there. A group of which sectors are missing
 * was never durable, so none of its data was sent; or sectors were damaged since, so what is left
 * of the group counts where it matches the data.
 */
final class LogContents {

    private final Superblock superblock;

    private final List<Candidate> candidates = new ArrayList<>();

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
    record Candidate(long interval, long sequence, Group group, Kind kind, long seal) {}

    /** How much of a group is there. */
    enum Group {
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

    private LogContents(Superblock superblock) {
        this.superblock = superblock;
        nextSequence = superblock.tail();
        shortest = superblock.data().length();
        longest = shortest;
    }

    /** Reads the log: finds all groups, and what is on record there. */
    static LogContents read(SidecarFiles files, Superblock superblock, Reading reading)
            throws SealException {
        LogContents contents = new LogContents(superblock);
        contents.read(files, reading);
        return contents;
    }

    /** What intervals may be, by interval, and the newest first. */
    List<Candidate> candidates() {
        return Collections.unmodifiableList(candidates);
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

    private void read(SidecarFiles files, Reading reading) throws SealException {
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
}
