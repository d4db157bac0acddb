package io.pinbounce.seal;

import io.pinbounce.engine.IoEngine;
import io.pinbounce.pi.PiContext;
import io.pinbounce.seal.Seals.Digest;
import io.pinbounce.seal.Superblock.DataFile;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Tuples that survive: a file beside the data that keeps a seal for every interval. The package's
 * documentation has its format and its protocol.
 *
 * <p>What is known of an interval is in one of three places, the newest first:
 *
 * <pre>
 *   active overlay   what was written since the last checkpoint began
 *   frozen overlay   what a checkpoint is moving to the pages right now
 *   tuple pages      as they are on the disk; those used last are in the cache
 * </pre>
 *
 * <p>For any thread. One lock is held for memory alone; what reads and writes files does so without
 * it.
 */
public final class Sidecar implements TupleStore, Checkpoint.Pages, AutoCloseable {

    /** What a sidecar is opened for. */
    public enum Access {
        /** Nothing is changed. */
        READ(IoEngine.Lock.SHARED),
        /** It is recovered if need be, and written. */
        WRITE(IoEngine.Lock.EXCLUSIVE);

        private final IoEngine.Lock lock;

        Access(IoEngine.Lock lock) {
            this.lock = lock;
        }

        IoEngine.Lock lock() {
            return lock;
        }
    }

    /** What a power cut leaves of writes that were under way. */
    public enum Mode {
        /** Errors, maybe. */
        NONE,
        /** One whole version, or an error that names the interval. */
        JOURNAL
    }

    /** What to do about data without a sidecar. */
    public enum Existing {
        /** It is refused. */
        REFUSED,
        /** It is unprotected. */
        UNPROTECTED
    }

    /** What to do about a sidecar that names other data. */
    public enum Identity {
        /** It is refused. */
        CHECKED,
        /** It is taken for the data's all the same. */
        ANY
    }

    /**
     * How a sidecar is opened.
     *
     * @param engine who reaches both files
     * @param data the file or device that it is for
     * @param path its own
     * @param context how tuples are made
     * @param access what for
     * @param mode for writers
     * @param existing for data without a sidecar
     * @param identity for a sidecar of other data
     * @param logSize bytes of a new one's log
     * @param memory bytes that it takes in memory at the most
     */
    public record Opening(
            IoEngine engine,
            Path data,
            Path path,
            PiContext context,
            Access access,
            Mode mode,
            Existing existing,
            Identity identity,
            long logSize,
            long memory) {}

    /** Intervals of an intent: in the worst case, half a buffer of the log. */
    private static final int MOST_INTERVALS = 1024;

    /** Bytes of an entry of the overlay, at most half of whose places are used, and of its twin. */
    private static final int OVERLAY_ENTRY = 2 * 2 * 2 * (8 + 8 + 1);

    private final SidecarFiles files;

    private final Seals seals;

    private final int interval;

    private final Access access;

    private final Mode mode;

    private final int overlayLimit;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition checkpointEnded = lock.newCondition();

    /** Loading a page shares it, writing pages does not: nobody reads half of a write. */
    private final ReentrantReadWriteLock pageLock = new ReentrantReadWriteLock();

    private final TupleCache cache;

    private final PageMap map;

    private final IntentLog log;

    private volatile Superblock superblock;

    private Overlay active;

    private @Nullable Overlay frozen;

    private boolean inCheckpoint;

    private @Nullable SealException broken;

    private final Intent resize = new Intent(null, this::unparkResizer);

    private volatile @Nullable Thread resizer;

    /**
     * Takes over what was opened, and recovered.
     *
     * @param recovered what differs from the pages
     */
    Sidecar(
            Opening opening,
            SidecarFiles files,
            Superblock superblock,
            PageMap map,
            Overlay recovered) {
        this.files = files;
        this.superblock = superblock;
        this.map = map;
        this.active = recovered;
        access = opening.access();
        mode = opening.mode();
        seals = new Seals(superblock.context(), Digest.CRC64);
        interval = superblock.context().interval();
        cache = new TupleCache((int) (opening.memory() * 2 / 3 / TupleCache.PAGE_BYTES));
        overlayLimit = (int) (opening.memory() / 3 / OVERLAY_ENTRY);
        log = new IntentLog(files, superblock);
    }

    /**
     * Opens a sidecar, or makes one.
     *
     * @param opening how
     * @return a store; close it
     * @throws SealException if it cannot be opened, or is not the data's: the message says what to
     *     do
     */
    public static Sidecar open(Opening opening) throws SealException {
        return new SidecarOpener(opening).open();
    }

    /**
     * Begins to write: what a recovery has found is moved to the pages, and from here on the
     * sidecar is not clean.
     *
     * @param end intervals from there on are forgotten, since a crash may have kept some
     */
    void begin(long end) throws SealException {
        beginCheckpoint();
        runCheckpoint(end, /* clean= */ false);
        requireWhole();
    }

    @Override
    public Seals seals() {
        return seals;
    }

    @Override
    public Log log() {
        return new Log(files.log(), files.block());
    }

    @Override
    public int mostIntervals() {
        return MOST_INTERVALS;
    }

    @Override
    public boolean wantsBase() {
        return mode == Mode.JOURNAL;
    }

    // ---- what is known ----

    @Override
    public void load(long first, int count, Sheet into) throws SealException {
        while (true) {
            long missing = loadCached(first, count, into);
            if (missing < 0) {
                return;
            }
            loadPage(missing);
        }
    }

    /** Fills a sheet from memory; the number of the first page that is not there, or -1. */
    private long loadCached(long first, int count, Sheet into) {
        lock.lock();
        try {
            into.clear(count);
            long number = -1;
            TuplePage page = null;
            for (int i = 0; i < count; i++) {
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
                if (page == null) {
                    boolean unprotected = at < superblock.unprotected();
                    into.set(
                            i,
                            unprotected ? State.UNPROTECTED : State.PROTECTED,
                            unprotected ? 0 : seals.ofZeros());
                } else {
                    int index = (int) (at % TuplePage.INTERVALS);
                    into.set(i, page.state(index), page.seal(index));
                }
            }
            return -1;
        } finally {
            lock.unlock();
        }
    }

    private void loadPage(long number) throws SealException {
        pageLock.readLock().lock();
        try {
            TuplePage page = readPage(number);
            lock.lock();
            try {
                if (!cache.has(number)) {
                    cache.put(number, page);
                }
            } finally {
                lock.unlock();
            }
        } finally {
            pageLock.readLock().unlock();
        }
    }

    private TuplePage readPage(long number) throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, Layout.PAGE);
            long position = layout().pagePosition(number);
            files.read(position, memory);
            return TuplePage.decode(memory, superblock.identity(), position);
        }
    }

    private Layout layout() {
        return new Layout(superblock.logSize());
    }

    // ---- writes ----

    @Override
    public void enter(Intent intent) throws SealException {
        lock.lock();
        try {
            requireWhole();
            if (mode == Mode.JOURNAL) {
                log.enter(intent);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Intent.Step next(Intent intent) throws SealException {
        if (mode == Mode.NONE) {
            return Intent.Step.RECORDED;
        }
        Intent.Step step;
        List<Intent> told;
        boolean full;
        lock.lock();
        try {
            step = log.next(intent);
            told = log.takeToTell();
            full = step == Intent.Step.WAIT && wantsCheckpoint();
        } finally {
            lock.unlock();
        }
        IntentLog.tell(told);
        if (full) {
            checkpointLater();
        }
        return step;
    }

    @Override
    public void recorded(Intent intent, long failed) throws SealException {
        List<Intent> told;
        lock.lock();
        try {
            log.recorded(intent, failed);
        } finally {
            told = log.takeToTell();
            lock.unlock();
            IntentLog.tell(told);
        }
    }

    @Override
    public void store(long first, Sheet sheet, int from, int to) {
        boolean full;
        lock.lock();
        try {
            for (int i = from; i < to; i++) {
                active.put(first + i, sheet.state(i), sheet.seal(i));
            }
            full = !inCheckpoint && broken == null && active.size() > overlayLimit;
        } finally {
            lock.unlock();
        }
        if (full) {
            checkpointLater();
        }
    }

    @Override
    public void leave(Intent intent) {
        List<Intent> told;
        boolean full;
        lock.lock();
        try {
            log.leave(intent);
            told = log.takeToTell();
            full = wantsCheckpoint();
        } finally {
            lock.unlock();
        }
        IntentLog.tell(told);
        if (full) {
            checkpointLater();
        }
    }

    private boolean wantsCheckpoint() {
        return !inCheckpoint
                && broken == null
                && (active.size() > overlayLimit || log.wantsCheckpoint());
    }

    private void requireWhole() throws SealException {
        if (broken != null) {
            throw new SealException(String.valueOf(broken.getMessage()), files.path());
        }
    }

    // ---- durability ----

    @Override
    public void force() throws SealException {
        if (mode == Mode.NONE) {
            checkpoint();
        }
    }

    /** Moves what has changed to the pages, without holding anybody up. */
    private void checkpointLater() {
        lock.lock();
        try {
            if (inCheckpoint || broken != null) {
                return;
            }
            inCheckpoint = true;
        } finally {
            lock.unlock();
        }
        files.background(this::runCheckpoint);
    }

    /** The same, waiting until it is done. */
    private void checkpoint() throws SealException {
        beginCheckpoint();
        runCheckpoint();
        lock.lock();
        try {
            requireWhole();
        } finally {
            lock.unlock();
        }
    }

    private void beginCheckpoint() throws SealException {
        lock.lock();
        try {
            while (inCheckpoint) {
                checkpointEnded.awaitUninterruptibly();
            }
            requireWhole();
            inCheckpoint = true;
        } finally {
            lock.unlock();
        }
    }

    private void runCheckpoint() {
        runCheckpoint(Long.MAX_VALUE, /* clean= */ false);
    }

    /**
     * Moves what has changed to the pages.
     *
     * @param end intervals from there on are forgotten
     * @param clean whether that is the end
     */
    private void runCheckpoint(long end, boolean clean) {
        Checkpoint checkpoint;
        long tail;
        lock.lock();
        try {
            if (end != Long.MAX_VALUE) {
                active = active.before(end);
            }
            Overlay changes = active;
            frozen = changes;
            active = new Overlay();
            tail = log.tailSequence();
            checkpoint = new Checkpoint(files, this, superblock, map, changes, seals.ofZeros(), end);
        } finally {
            lock.unlock();
        }
        SealException failure = null;
        try {
            DataFile data = files.dataFile(); // before it is forced: so long it is durable
            files.forceData();
            write(checkpoint, data, tail, clean);
        } catch (SealException e) {
            failure = e;
        }
        endCheckpoint(checkpoint, tail, failure);
    }

    private void write(Checkpoint checkpoint, DataFile data, long tail, boolean clean)
            throws SealException {
        checkpoint.writePages();
        if (checkpoint.hasPages()) {
            files.force();
        }
        if (!map.changed().isEmpty()) {
            checkpoint.writeMap();
            files.force();
        }
        long unprotected = Math.min(superblock.unprotected(), checkpoint.end());
        Superblock next =
                superblock
                        .next(data, mode, clean, tail, unprotected)
                        .withMaps(map.maps());
        writeSuperblock(files, next);
        lock.lock();
        try {
            superblock = next;
        } finally {
            lock.unlock();
        }
    }

    static void writeSuperblock(SidecarFiles files, Superblock superblock) throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, Layout.PAGE);
            superblock.encode(memory);
            files.writeDurably(superblock.position(), memory);
        }
    }

    @Override
    public void write(long first, int count, MemorySegment memory) throws SealException {
        pageLock.writeLock().lock();
        try {
            files.write(layout().pagePosition(first), memory);
        } finally {
            pageLock.writeLock().unlock();
        }
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                map.add(first + i);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void remove(long first) {
        lock.lock();
        try {
            map.removeFrom(first);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable TuplePage cached(long page) {
        lock.lock();
        try {
            TuplePage cached = cache.get(page);
            return cached == null ? null : cached.copy();
        } finally {
            lock.unlock();
        }
    }

    private void endCheckpoint(Checkpoint checkpoint, long tail, @Nullable SealException failure) {
        List<Intent> told;
        lock.lock();
        try {
            if (failure == null) {
                cache.removeFrom(checkpoint.firstRemoved());
                checkpoint.applyTo(cache);
                frozen = null;
                log.retire(tail);
            } else {
                broken = failure;
                log.fail(failure);
            }
            inCheckpoint = false;
            checkpointEnded.signalAll();
            told = log.takeToTell();
        } finally {
            lock.unlock();
        }
        IntentLog.tell(told);
    }

    // ---- size ----

    @Override
    public void resizing(long size, Sheet cut) throws SealException {
        if (mode == Mode.NONE) {
            return;
        }
        resizer = Thread.currentThread();
        resize.resize(size, size / interval, cut);
        enter(resize);
        Intent.Step step = next(resize);
        while (step != Intent.Step.RECORDED) {
            if (step == Intent.Step.LEAD) {
                recorded(resize, record(resize));
            } else {
                LockSupport.park(this);
            }
            step = next(resize);
        }
    }

    private long record(Intent intent) {
        try {
            files.writeDurably(intent.recordPosition(), intent.record());
            return 0;
        } catch (SealException e) {
            return -Math.max(e.errno(), 1);
        }
    }

    private void unparkResizer() {
        LockSupport.unpark(resizer);
    }

    @Override
    public void resized(long size, Sheet cut) throws SealException {
        boolean shrinks;
        lock.lock();
        try {
            shrinks = cut.count() > 0 || hasFrom((size + interval - 1) / interval);
        } finally {
            lock.unlock();
        }
        if (!shrinks) {
            leave(resize);
            return;
        }
        beginCheckpoint();
        store(size / interval, cut, 0, cut.count());
        leave(resize); // before its group is looked at: it need not survive the checkpoint
        runCheckpoint((size + interval - 1) / interval, false);
        lock.lock();
        try {
            requireWhole();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resizeFailed() {
        leave(resize);
    }

    /** Whether anything but zeros is known from an interval on. */
    private boolean hasFrom(long interval) {
        return active.size() > 0
                || frozen != null
                || superblock.unprotected() > interval
                || map.next(interval / TuplePage.INTERVALS) >= 0;
    }

    /**
     * Closes it in order; a reader changes nothing.
     *
     * @throws SealException if something could not be written: the next writer recovers it
     */
    @Override
    public void close() throws SealException {
        try {
            if (access == Access.WRITE && isWhole()) {
                beginCheckpoint();
                runCheckpoint(Long.MAX_VALUE, /* clean= */ true);
                lock.lock();
                try {
                    requireWhole();
                } finally {
                    lock.unlock();
                }
            }
        } finally {
            files.close();
        }
    }

    private boolean isWhole() {
        lock.lock();
        try {
            while (inCheckpoint) {
                checkpointEnded.awaitUninterruptibly();
            }
            return broken == null && !log.isBroken();
        } finally {
            lock.unlock();
        }
    }
}
