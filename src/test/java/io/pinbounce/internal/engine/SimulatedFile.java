package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.SectorMap.SECTOR;

import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.linux.Errno;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An inode of a simulated disk: what readers see, what is durable, and in order the pending changes
 * that lead from one to the other.
 *
 * <pre>
 *  durable  --- pending: write, write, size, write, size, ... --->  cached
 *  force:     all of them become durable
 *  power cut: any of the writes become durable, and the first few of the sizes
 * </pre>
 */
final class SimulatedFile {

    /** Pending changes of a file: with more, the cache writes back the oldest. */
    static final int MAX_PENDING = 1 << 16;

    final long inode;

    /** The name that it was made with. */
    final Path path;

    final SectorMap cached;

    final SectorMap durable;

    private List<PendingChange> pending = new ArrayList<>();

    /** The value of the extended attribute that a reader sees; empty for none. */
    private byte[] attribute = new byte[0];

    private byte[] durableAttribute = attribute;

    /** When the attribute was last changed. */
    private long attributeSequence;

    /** Locks by the handle that holds them. */
    private final Map<Object, Lock> locks = new HashMap<>();

    SimulatedFile(long inode, Path path) {
        this.inode = inode;
        this.path = path;
        cached = new SectorMap();
        durable = new SectorMap();
    }

    /** Copies a file to another disk, without locks. */
    SimulatedFile(SimulatedFile other) {
        inode = other.inode;
        path = other.path;
        cached = new SectorMap(other.cached);
        durable = new SectorMap(other.durable);
        pending = new ArrayList<>(other.pending);
        attribute = other.attribute;
        durableAttribute = other.durableAttribute;
        attributeSequence = other.attributeSequence;
    }

    byte[] attribute() {
        return attribute;
    }

    void setAttribute(long sequence, byte[] value) {
        attribute = value;
        attributeSequence = sequence;
    }

    long size() {
        return cached.size();
    }

    List<PendingChange> pending() {
        return pending;
    }

    /** Writes a sector; the size stays. */
    void write(long sequence, long number, byte[] bytes) {
        cached.set(number, bytes);
        add(new PendingChange(sequence, number, bytes));
    }

    /** Makes the file longer, if it is shorter. */
    void extend(long sequence, long size) {
        if (size > cached.size()) {
            cached.extend(size);
            add(new PendingChange(sequence, size, null));
        }
    }

    void truncate(long sequence, long size) {
        if (size != cached.size()) {
            cached.resize(size);
            add(new PendingChange(sequence, size, null));
        }
    }

    /** How many sectors of a range are holes. */
    long holes(long position, long length) {
        long holes = 0;
        for (long i = position / SECTOR; i < SectorMap.sectors(position + length); i++) {
            holes += cached.get(i) == null ? 1 : 0;
        }
        return holes;
    }

    /** Where the next data is: the position itself, or the start of a later sector. */
    long nextData(long position) {
        long number = cached.next(position / SECTOR);
        return number == Long.MAX_VALUE ? number : Math.max(position, number * SECTOR);
    }

    /** Makes a hole, on the medium and in the cache, as another process would. */
    void punch(long position, long length) {
        for (long i = position / SECTOR; i < SectorMap.sectors(position + length); i++) {
            cached.set(i, null);
            durable.set(i, null);
        }
        pending.removeIf(
                change ->
                        !change.isResize()
                                && change.target >= position / SECTOR
                                && change.target < SectorMap.sectors(position + length));
    }

    /** Fills holes with zeros, so that later writes to them find room. */
    void fillHoles(long position, long length) {
        for (long i = position / SECTOR; i < SectorMap.sectors(position + length); i++) {
            if (cached.get(i) == null) {
                cached.set(i, SectorMap.ZEROS);
            }
        }
    }

    private void add(PendingChange change) {
        pending.add(change);
        if (pending.size() > MAX_PENDING) {
            List<PendingChange> oldest = pending.subList(0, MAX_PENDING / 2);
            oldest.forEach(this::makeDurable);
            oldest.clear();
        }
    }

    private void makeDurable(PendingChange change) {
        if (change.bytes == null) {
            durable.resize(change.target);
        } else {
            durable.set(change.target, change.bytes);
        }
    }

    /** Makes all changes durable. */
    void force() {
        pending.forEach(this::makeDurable);
        pending.clear();
        durableAttribute = attribute;
    }

    /**
     * Makes the newest content of some sectors and all changes of the size durable, but nothing
     * else, as a disk that writes these sectors past its cache.
     */
    void force(long first, long count) {
        forceSize();
        for (long number = first; number < first + count; number++) {
            durable.set(number, cached.get(number));
        }
        pending.removeIf(change -> change.target >= first && change.target < first + count);
    }

    /** Makes the size durable. Sectors that were cut off meanwhile must not come back. */
    private void forceSize() {
        List<PendingChange> writes = new ArrayList<>();
        for (PendingChange change : pending) {
            if (change.isResize()) {
                makeDurable(change);
                cutOff(writes, change.target);
            } else {
                writes.add(change);
            }
        }
        pending = writes;
    }

    private static void cutOff(List<PendingChange> writes, long size) {
        writes.removeIf(write -> write.target >= SectorMap.sectors(size));
        int within = (int) (size % SECTOR);
        if (within != 0) {
            writes.replaceAll(
                    write ->
                            write.bytes != null && write.target == size / SECTOR
                                    ? write.with(SectorMap.cleared(write.bytes, within))
                                    : write);
        }
    }

    /**
     * Loses the changes that a power cut does not leave.
     *
     * @return how many changes are left, which are durable now
     */
    int cut(PowerCut cut) {
        int kept = 0;
        int sizes = cut.sizes(pending);
        long lost = Long.MAX_VALUE;
        for (PendingChange change : pending) {
            boolean keeps;
            if (change.isResize()) {
                keeps = sizes-- > 0;
                // Writes past the lost size went to blocks that the durable file does not have.
                lost = keeps ? lost : Math.min(lost, SectorMap.sectors(change.target));
            } else {
                keeps = change.target < lost && cut.keeps(change.sequence);
            }
            if (keeps) {
                makeDurable(change);
                kept++;
            }
        }
        durable.resize(durable.size());
        durableAttribute = cut.keeps(attributeSequence) ? attribute : durableAttribute;
        attribute = durableAttribute;
        revert();
        return kept;
    }

    /** Makes the cached content equal the durable one; only changed sectors can differ. */
    private void revert() {
        long shortest = Long.MAX_VALUE;
        for (PendingChange change : pending) {
            if (change.isResize()) {
                shortest = Math.min(shortest, change.target);
            } else {
                cached.set(change.target, durable.get(change.target));
            }
        }
        if (shortest < Long.MAX_VALUE) {
            cached.resize(durable.size());
            cached.copyTail(durable, shortest / SECTOR);
        }
        pending.clear();
    }

    /** Flips bits on the medium and in the cache. */
    void flip(long position, int mask) {
        long number = position / SECTOR;
        int at = (int) (position % SECTOR);
        cached.set(number, flipped(cached.get(number), at, mask));
        if (position < durable.size()) {
            durable.set(number, flipped(durable.get(number), at, mask));
        }
        pending.replaceAll(
                change ->
                        change.bytes != null && change.target == number
                                ? change.with(flipped(change.bytes, at, mask))
                                : change);
    }

    private static byte[] flipped(byte @Nullable [] sector, int at, int mask) {
        byte[] flipped = sector == null ? new byte[SECTOR] : sector.clone();
        flipped[at] ^= (byte) mask;
        return flipped;
    }

    /** Locks as flock(2) does: the old mode is given up before the new one is asked for. */
    int lock(Object owner, Lock mode) {
        locks.remove(owner);
        if (mode == Lock.NONE) {
            return 0;
        }
        boolean alone = mode == Lock.EXCLUSIVE || locks.containsValue(Lock.EXCLUSIVE);
        if (alone && !locks.isEmpty()) {
            return -Errno.EAGAIN;
        }
        locks.put(owner, mode);
        return 0;
    }

    void unlockAll() {
        locks.clear();
    }

    void unlock(Object owner) {
        locks.remove(owner);
    }
}
