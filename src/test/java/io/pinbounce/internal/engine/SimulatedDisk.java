package io.pinbounce.internal.engine;

import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.PowerCut.Remains;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A disk in memory with files and a volatile cache: a power cut may lose any sectors that were not
 * forced. The disk outlives its engines.
 *
 * <pre>{@code
 * SimulatedEngine engine = new SimulatedEngine(512, 512);
 * SimulatedDisk disk = engine.disk();
 * disk.cutPowerAt(100, random);        // in the 100th call; at once: disk.powerCut(random)
 * ...                                  // from then on all calls on the engine are -EIO
 * engine = engine.restart();           // another engine, the same disk, with what is left
 * byte[] left = disk.contents(path);
 * }</pre>
 *
 * <p>A force, and a write through a handle of {@code O_DSYNC}, make nothing but that file durable
 * and, if it is new, its name. Nothing depends on time or chance: the same seeds and the same calls
 * from one thread end in the same bytes.
 *
 * <p><b>Threads.</b> Any thread may call anything; the disk's monitor guards all state.
 */
public final class SimulatedDisk {

    /** What ends all engines. */
    private enum End {
        POWER_CUT,
        /** The processes die, and the cache keeps its content. */
        KILL
    }

    private final int memoryAlignment;

    private final int offsetAlignment;

    private final SimulatedNames names;

    private final DiskFaults faults = new DiskFaults(this);

    /** Rings whose transfers in flight a power cut catches. */
    private final List<SimulatedRing> rings = new ArrayList<>();

    private List<Remains> remains = List.of();

    private Consumer<DiskCall> listener = _ -> {};

    private RandomGenerator ringSeeds = new SplittableRandom(0);

    private long capacity = Long.MAX_VALUE;

    private long sequence;

    private long inodes;

    private long calls;

    private long flushes;

    private long cuts;

    /** The number of the call that the power fails in. */
    private long lastCall = Long.MAX_VALUE;

    private @Nullable Mood nextMood;

    private End nextEnd = End.POWER_CUT;

    private RandomGenerator nextCut = new SplittableRandom(0);

    /**
     * Makes an empty disk.
     *
     * @param memoryAlignment what addresses are multiples of
     * @param offsetAlignment what positions and lengths are multiples of, itself one of 512
     */
    public SimulatedDisk(int memoryAlignment, int offsetAlignment) {
        this.memoryAlignment = memoryAlignment;
        this.offsetAlignment = offsetAlignment;
        names = new SimulatedNames();
    }

    private SimulatedDisk(SimulatedDisk other) {
        memoryAlignment = other.memoryAlignment;
        offsetAlignment = other.offsetAlignment;
        names = new SimulatedNames(other.names);
        capacity = other.capacity;
        sequence = other.sequence;
        inodes = other.inodes;
        calls = other.calls;
        flushes = other.flushes;
        cuts = other.cuts;
    }

    /**
     * Copies the disk with all files and pending changes, so that a test can continue from here
     * more than once. The copy has no faults and no engine; its rings start with the seed 0.
     */
    public synchronized SimulatedDisk copy() {
        return new SimulatedDisk(this);
    }

    /** Cuts the power now, in any mood. */
    public synchronized void powerCut(RandomGenerator random) {
        cut(null, random);
    }

    /** Cuts the power now, in one mood for all files. */
    public synchronized void powerCut(Mood mood, RandomGenerator random) {
        cut(mood, random);
    }

    /**
     * Cuts the power, in any mood, in the middle of a later call, which fails, and may have been
     * done, in part or not at all.
     *
     * @param calls 1 for the next call
     * @param random decides what is left
     */
    public synchronized void cutPowerAt(long calls, RandomGenerator random) {
        arm(End.POWER_CUT, calls, null, random);
    }

    /** Cuts the power in the middle of a later call, in one mood for all files. */
    public synchronized void cutPowerAt(long calls, Mood mood, RandomGenerator random) {
        arm(End.POWER_CUT, calls, mood, random);
    }

    /**
     * Kills all processes now: engines and locks are gone, and transfers in flight may be done or
     * not. Nothing else is lost, and nothing else becomes durable.
     */
    public synchronized void kill(RandomGenerator random) {
        end(random);
    }

    /** Kills all processes in the middle of a later call. */
    public synchronized void killAt(long calls, RandomGenerator random) {
        arm(End.KILL, calls, null, random);
    }

    private void arm(End end, long wait, @Nullable Mood mood, RandomGenerator random) {
        if (wait < 1) {
            throw new IllegalArgumentException("the next call is 1, calls=" + wait);
        }
        lastCall = calls + wait;
        nextEnd = end;
        nextMood = mood;
        nextCut = random;
    }

    /** Cancels {@link #cutPowerAt}. */
    public synchronized void keepPower() {
        lastCall = Long.MAX_VALUE;
    }

    private void cut(@Nullable Mood mood, RandomGenerator seeds) {
        RandomGenerator random = end(seeds);
        Set<SimulatedFile> files = names.files();
        boolean common = mood != null || random.nextBoolean();
        Mood first = mood != null ? mood : PowerCut.anyMood(random);
        PowerCut all = PowerCut.of(first, random, files);
        List<Remains> left = new ArrayList<>();
        for (SimulatedFile file : files) {
            int pending = file.pending().size();
            PowerCut own =
                    common ? all : PowerCut.of(PowerCut.anyMood(random), random, List.of(file));
            left.add(new Remains(file.path, own.mood(), pending, file.cut(own)));
        }
        names.cut(all);
        remains = List.copyOf(left);
    }

    /** All engines are useless from here on, and all their locks are gone. */
    private RandomGenerator end(RandomGenerator seeds) {
        // Random gives similar first numbers for seeds that are close to each other.
        RandomGenerator random = new SplittableRandom(seeds.nextLong());
        rings.forEach(ring -> ring.tear(random));
        rings.clear();
        names.files().forEach(SimulatedFile::unlockAll);
        remains = List.of();
        lastCall = Long.MAX_VALUE;
        cuts++;
        return random;
    }

    /** Power cuts and kills so far: each makes all engines useless that were there before. */
    public synchronized long cuts() {
        return cuts;
    }

    /** What the last power cut left of each file, for messages. */
    public synchronized List<Remains> remains() {
        return remains;
    }

    /**
     * Calls that reached the disk, on any engine; opening a file counts, closing and questions do
     * not.
     */
    public synchronized long calls() {
        return calls;
    }

    /** Reports all calls from now on, each before it is done, under the disk's monitor. */
    public synchronized void listen(Consumer<DiskCall> told) {
        listener = told;
    }

    /** Forces of files that returned 0, including dropped ones. */
    public synchronized long flushes() {
        return flushes;
    }

    /** The faults of this disk. */
    public DiskFaults faults() {
        return faults;
    }

    /** Limits the bytes that fit. */
    public synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    /** Seeds the order in which rings opened from now on do transfers. */
    public synchronized void seedRings(long seed) {
        ringSeeds = new SplittableRandom(seed);
    }

    /** All files that a reader sees now. */
    public synchronized SortedSet<Path> files() {
        return names.paths();
    }

    /** All files whose names are durable. */
    public synchronized SortedSet<Path> durableFiles() {
        return names.durablePaths();
    }

    /** A file's bytes, as a reader sees them now. */
    public synchronized byte[] contents(Path path) {
        return contents(path, 0, Long.MAX_VALUE);
    }

    /** Some of a file's bytes, as a reader sees them now; fewer at its end. */
    public synchronized byte[] contents(Path path, long position, long length) {
        return names.get(path).cached.read(position, length);
    }

    /** Bytes that a file takes on the disk: holes take none. */
    public synchronized long stored(Path path) {
        return names.get(path).cached.count() * SectorMap.SECTOR;
    }

    /** A file's size, as a reader sees it now. */
    public synchronized long size(Path path) {
        return names.get(path).size();
    }

    /** The content of a file if all pending changes but its name were lost. */
    public synchronized byte[] durable(Path path) {
        return durable(path, 0, Long.MAX_VALUE);
    }

    /** A part of {@link #durable(Path)}; fewer bytes at the end. */
    public synchronized byte[] durable(Path path, long position, long length) {
        return names.getDurable(path).durable.read(position, length);
    }

    /** The size of a file if all pending changes were lost. */
    public synchronized long durableSize(Path path) {
        return names.getDurable(path).durable.size();
    }

    /** Changes to a file that a power cut may undo, in sectors and sizes. */
    public synchronized int pending(Path path) {
        return names.get(path).pending().size();
    }

    /** Flips bits of a byte at rest, durable and cached alike. */
    public synchronized void flipBits(Path path, long position, int mask) {
        SimulatedFile file = names.get(path);
        if (position < 0 || position >= file.size()) {
            throw new IllegalArgumentException(
                    "the file is shorter, position=" + position + " size=" + file.size());
        }
        file.flip(position, mask);
    }

    int memoryAlignment() {
        return memoryAlignment;
    }

    int offsetAlignment() {
        return offsetAlignment;
    }

    SimulatedNames names() {
        return names;
    }

    SimulatedFile createUnnamed(Path path) {
        return new SimulatedFile(++inodes, path);
    }

    SimulatedFile create(Path path) {
        SimulatedFile file = createUnnamed(path);
        names.add(next(), path, file);
        return file;
    }

    /** The next number in the order of all changes. */
    long next() {
        return sequence++;
    }

    /** Counts a call that reaches the disk. */
    void count() {
        calls++;
    }

    /** Reports a call that is about to be done. */
    void tell(DiskCall call) {
        listener.accept(call);
    }

    /** Counts a force of a file. */
    void countFlush() {
        flushes++;
    }

    /** Whether the power fails in this call. */
    boolean isFailing() {
        return calls == lastCall;
    }

    /** Cuts the power, or kills all processes. */
    void fail() {
        switch (nextEnd) {
            case POWER_CUT -> cut(nextMood, nextCut);
            case KILL -> end(nextCut);
        }
    }

    boolean isLimited() {
        return capacity < Long.MAX_VALUE;
    }

    /** Whether more sectors fit. */
    boolean hasRoom(long sectors) {
        long used = sectors;
        for (SimulatedFile file : names.files()) {
            used += file.cached.count();
        }
        return used <= capacity / SectorMap.SECTOR;
    }

    SimulatedRing newRing(SimulatedEngine engine, IoEngine mover, int depth) {
        SimulatedRing ring = new SimulatedRing(engine, mover, depth, ringSeeds.nextLong());
        rings.add(ring);
        return ring;
    }

    void forget(SimulatedRing ring) {
        rings.remove(ring);
    }
}
