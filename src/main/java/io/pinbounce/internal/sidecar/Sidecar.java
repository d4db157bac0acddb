package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.Seals.Digest;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.SidecarSpec.Mode;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tuples that survive: a file beside the data that keeps a seal for every interval. The package's
 * documentation has its format and its protocol.
 *
 * <p>For any thread. One lock guards the memory; it is not held while files are read or written.
 */
public final class Sidecar implements TupleStore, AutoCloseable {

    /** Intervals of an intent at the most: in the worst case it fills half a buffer of the log. */
    private static final int MAX_INTERVALS = 1024;

    /** How often a sidecar is opened that other processes replace meanwhile. */
    private static final int MAX_TRIES = 16;

    private final SidecarFiles files;

    private final Seals seals;

    private final int interval;

    private volatile Access access;

    private final Mode mode;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition checkpointEnded = lock.newCondition();

    private final SealTable table;

    private final TuplePages pages;

    private final IntentLog log;

    private volatile Superblock superblock;

    private boolean inCheckpoint;

    private volatile @Nullable SealException broken;

    /** Why tuples are not to be trusted: another process may be writing. */
    private volatile @Nullable SealException unlocked;

    private final Resize resize;

    /**
     * Takes over what an opener has opened, and recovered.
     *
     * @param recovered what differs from the pages
     */
    Sidecar(
            SidecarSpec spec,
            SidecarFiles files,
            Superblock superblock,
            PageMap map,
            Overlay recovered) {
        this.files = files;
        this.superblock = superblock;
        access = spec.access();
        mode = spec.mode();
        seals = new Seals(superblock.context(), Digest.CRC64);
        interval = superblock.context().interval();
        table =
                new SealTable(
                        map, recovered, superblock.unprotected(), seals.ofZeros(), spec.memory());
        pages = new TuplePages(files, superblock, lock, table);
        log = new IntentLog(files, superblock);
        resize = new Resize(this, files, interval);
    }

    /**
     * Opens a sidecar, or makes one.
     *
     * @param spec how
     * @return a store; close it
     * @throws SealException if it cannot be opened, or is not the data's: the message says what to
     *     do
     */
    public static Sidecar open(SidecarSpec spec) throws SealException {
        for (int i = 0; i < MAX_TRIES; i++) {
            Sidecar sidecar = new SidecarOpener(spec, null).open();
            if (sidecar != null) {
                return sidecar;
            }
        }
        throw new SealException(
                "other processes make and remove the data's sidecar all the time",
                spec.data().path());
    }

    /**
     * Opens a sidecar for writing, and takes the place of this one, which reads: its owner closes
     * it, and no other process gets in between. If that fails, this one reads on. {@link
     * #requireAlone} comes first; no other call is under way.
     *
     * @param spec how
     * @return a store; close it
     * @throws SealException as {@link #open} says
     */
    public Sidecar openToWrite(SidecarSpec spec) throws SealException {
        boolean opened = false;
        try {
            Sidecar sidecar = new SidecarOpener(spec, this).open();
            if (sidecar == null) {
                throw new SealException(
                        "the sidecar was renamed meanwhile; open the data again", files.path());
            }
            opened = true;
            return sidecar;
        } finally {
            if (!opened) {
                lockToRead();
            }
        }
    }

    /**
     * Makes sure that no other process has the data open with protection. Calls may be under way.
     *
     * @throws SealException if one has
     */
    public void requireAlone() throws SealException {
        boolean alone = false;
        try {
            files.requireAlone();
            alone = true;
        } finally {
            if (!alone) {
                lockToRead();
            }
        }
    }

    private void lockToRead() {
        try {
            files.lockToRead();
            unlocked = null;
        } catch (SealException e) {
            SealException failure =
                    new SealException(
                            "another process has opened it for writing meanwhile; close all files"
                                    + " that this process has open on the data, and open them"
                                    + " again",
                            files.path());
            failure.initCause(e);
            unlocked = failure;
        }
    }

    SidecarFiles files() {
        return files;
    }

    long identity() {
        return superblock.identity();
    }

    /** Whether the sidecar is only read. */
    public boolean isReadOnly() {
        return access == Access.READ;
    }

    /**
     * Moves what a recovery has found, or what has changed since, to the pages. From here on the
     * sidecar is not clean.
     *
     * @param end intervals from there on are forgotten, since a crash may have left some behind
     */
    void begin(long end) throws SealException {
        beginCheckpoint();
        finishCheckpoint(end, /* clean= */ false);
    }

    @Override
    public Seals seals() {
        return seals;
    }

    @Override
    public Log log() {
        return new Log(files.log(), IntentLog.BLOCK, files.durableWrite());
    }

    @Override
    public int mostIntervals() {
        return MAX_INTERVALS;
    }

    @Override
    public boolean wantsBase() {
        return mode == Mode.JOURNAL;
    }

    // ---- what is known ----

    @Override
    public void load(long first, int count, SealRun into) throws SealException {
        requireIntact(unlocked);
        pages.load(first, count, into);
    }

    @Override
    public @Nullable Missing missing(long first, int count) {
        return pages.missing(first, count);
    }

    @Override
    public void install(Missing missing, MemorySegment memory) {
        pages.install(missing, memory);
    }

    @Override
    public long unwritten(long first, long end) {
        lock.lock();
        try {
            return table.unwritten(first, end);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nextPage(long interval) {
        return (interval / TuplePage.INTERVALS + 1) * TuplePage.INTERVALS;
    }

    @Override
    public long takeForZeros(long first, long end) {
        lock.lock();
        try {
            return table.takeForZeros(first, end);
        } finally {
            lock.unlock();
        }
    }

    // ---- writes ----

    @Override
    public void enter(Intent intent) throws SealException {
        Layout.requireCountable(intent.first() + intent.seals().count(), files.path());
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
    public void store(long first, SealRun run, int from, int to) {
        boolean full;
        lock.lock();
        try {
            table.put(first, run, from, to);
            full = !inCheckpoint && broken == null && table.isFull();
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
        return !inCheckpoint && broken == null && (table.isFull() || log.wantsCheckpoint());
    }

    private void requireWhole() throws SealException {
        requireIntact(broken);
    }

    private void requireIntact(@Nullable SealException why) throws SealException {
        if (why != null) {
            throw why.again();
        }
    }

    // ---- durability ----

    /** A reader has no tuples of its own: what a writer has left in a cache is made durable. */
    @Override
    public void force() throws SealException {
        if (access == Access.READ) {
            files.force();
            return;
        }
        if (settleZeros() || mode == Mode.NONE) {
            begin(Long.MAX_VALUE);
        }
        requireWhole(); // fails for good once forcing the data or a checkpoint has failed
    }

    private boolean settleZeros() {
        lock.lock();
        try {
            return table.settleZeros();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void forceFailed() {
        SealException failure =
                new SealException(
                        "the data could not be forced; close the file and open it again",
                        files.path());
        List<Intent> told;
        lock.lock();
        try {
            fail(failure);
            told = log.takeToTell();
        } finally {
            lock.unlock();
        }
        IntentLog.tell(told);
    }

    private void fail(SealException failure) {
        if (broken == null) {
            broken = failure;
        }
        log.fail(failure);
    }

    /** Moves what has changed to the pages in the background. */
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
        files.background(() -> runCheckpoint(Long.MAX_VALUE, /* clean= */ false));
    }

    private void finishCheckpoint(long end, boolean clean) throws SealException {
        settleZeros();
        runCheckpoint(end, clean);
        requireWhole();
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

    /**
     * Moves what has changed to the pages.
     *
     * @param end intervals from there on are forgotten
     * @param clean whether the sidecar is being closed
     */
    private void runCheckpoint(long end, boolean clean) {
        Checkpoint checkpoint;
        long tail;
        lock.lock();
        try {
            tail = log.tailSequence();
            Overlay changes = table.freeze(end);
            checkpoint =
                    new Checkpoint(files, pages, superblock, table, changes, seals.ofZeros(), end);
        } finally {
            lock.unlock();
        }
        SealException failure = null;
        try {
            superblock = checkpoint.run(mode, clean, tail);
        } catch (SealException e) {
            failure = e;
        } catch (RuntimeException | Error e) { // threads that wait for its end must wake
            failure = new SealException("moving tuples to their pages failed: " + e, files.path());
            failure.initCause(e);
        }
        endCheckpoint(checkpoint, tail, failure);
    }

    private void endCheckpoint(Checkpoint checkpoint, long tail, @Nullable SealException failure) {
        List<Intent> told;
        lock.lock();
        try {
            if (failure == null) {
                table.thaw(checkpoint);
                log.retire(tail);
            } else {
                fail(failure.untilOpenedAgain());
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
    public void resizing(long size, SealRun cut, SealRun base, Waiter waiter) throws SealException {
        Layout.requireCountable(size / interval + 1, files.path());
        if (mode == Mode.JOURNAL) {
            resize.record(size, cut, base, waiter);
        }
    }

    @Override
    public void resized(long size, SealRun cut) throws SealException {
        boolean shrinks;
        lock.lock();
        try {
            shrinks = cut.count() > 0 || table.hasFrom((size + interval - 1) / interval);
        } finally {
            lock.unlock();
        }
        if (!shrinks) {
            leave(resize.intent());
            return;
        }
        beginCheckpoint();
        store(size / interval, cut, 0, cut.count());
        leave(resize.intent()); // so that the checkpoint can free its group, too
        finishCheckpoint((size + interval - 1) / interval, /* clean= */ false);
    }

    @Override
    public void resizeFailed() {
        leave(resize.intent());
    }

    /** Removes a sidecar that was made, and closes it, since its data got no name. */
    public void discard() throws SealException {
        try (files) {
            files.remove();
        }
    }

    /**
     * Closes the sidecar in order; a reader changes nothing.
     *
     * @throws SealException if something could not be written: the next writer recovers it
     */
    @Override
    public void close() throws SealException {
        try {
            if (access == Access.WRITE) {
                finish();
            }
        } finally {
            files.close();
        }
    }

    private void finish() throws SealException {
        beginCheckpoint();
        log.requireWhole();
        finishCheckpoint(Long.MAX_VALUE, /* clean= */ true);
    }

    /**
     * Brings the sidecar in order, and only reads from here on, which other processes may do then,
     * too. No write is under way, nor a force.
     *
     * @throws SealException if something could not be written: what is known in memory can be read
     *     all the same, and the next writer recovers the rest
     */
    public void endWriting() throws SealException {
        try {
            finish();
        } finally {
            access = Access.READ;
            lockToRead();
        }
    }
}
