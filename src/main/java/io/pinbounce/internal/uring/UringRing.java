package io.pinbounce.internal.uring;

import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A ring of Linux's io_uring, for the platform thread that opens it.
 *
 * <p><b>Memory.</b> Files are registered at their first use, memory of {@link
 * io.pinbounce.internal.linux.PinnedPages} once it is used again. The ring lets go of both at the
 * first {@link #enter} after their owner has ended them, unless a transfer still uses them.
 * <b>Threads.</b> All calls but {@link #wake()} and {@link #close()} throw {@link
 * WrongThreadException} on another thread. <b>Errors.</b> What a transfer meets is its own result;
 * {@link #enter} fails only if the ring itself does.
 */
public final class UringRing implements IoRing {

    /** Places for files: more than a ring is likely to use at once. */
    static final int FILES = 64;

    /** Places for memory: the shared bounce pool needs 64. */
    static final int BUFFERS = 256;

    /** How long the kernel may take to finish transfers of an owner that has died. */
    private static final long LAST_TRANSFERS = TimeUnit.SECONDS.toNanos(30);

    private final Thread owner = Thread.currentThread();

    private final AtomicBoolean closed = new AtomicBoolean();

    private final int depth;

    private final KernelRing ring;

    private final TeardownWatch teardown;

    private final Waker waker;

    private final Transfers transfers;

    private final RingLoop loop;

    private UringRing(int depth, KernelRing ring, TeardownWatch teardown, Waker waker) {
        this.depth = depth;
        this.ring = ring;
        this.teardown = teardown;
        this.waker = waker;
        FileTable files = FileTable.register(ring, FILES, teardown.writingEnd());
        if (files.isRegistered()) {
            teardown.giveToRing();
        }
        transfers = new Transfers(ring, depth, files, BufferTable.register(ring, BUFFERS));
        loop = new RingLoop(ring, transfers, waker);
    }

    /**
     * Makes a ring for the current thread, in which completions always find room: each transfer has
     * two at the most, and waking and waiting a few.
     *
     * @param depth transfers in flight at the most
     */
    static UringRing open(KernelRing.Machine machine, int depth) throws RingUnavailableException {
        int entries = 2 * depth + Waker.ENTRIES + RingEnter.ENTRIES;
        return open(machine, depth, entries, 2 * entries);
    }

    /** The same with queues of any size, so that tests can fill them. */
    static UringRing open(KernelRing.Machine machine, int depth, int sqEntries, int cqEntries)
            throws RingUnavailableException {
        KernelRing ring = RingSetup.open(machine, sqEntries, cqEntries);
        TeardownWatch teardown = null;
        try {
            teardown = new TeardownWatch(machine);
            return new UringRing(depth, ring, teardown, new Waker(ring));
        } catch (KernelRefusal e) {
            ring.close();
            if (teardown != null) {
                teardown.close();
            }
            throw e.unavailable();
        }
    }

    @Override
    public String name() {
        return "io_uring";
    }

    @Override
    public List<String> features() {
        requireOwner();
        List<String> names = new ArrayList<>(ring.features().names());
        transfers.addFeatures(names);
        return names;
    }

    @Override
    public List<String> notes() {
        requireOwner();
        List<String> notes = new ArrayList<>(ring.features().lacks());
        transfers.addNotes(notes);
        return notes;
    }

    @Override
    public int depth() {
        return depth;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the slot is taken, or the ring is no good any more
     */
    @Override
    public void prep(int slot, Submission submission) {
        requireOwner();
        transfers.check(slot, submission);
        int result = loop.makeRoom(Transfers.entries(submission));
        if (result < 0) {
            throw new IllegalStateException(
                    "the ring takes no more: close it, errno=" + Errno.describe(-result));
        }
        transfers.prep(slot, submission);
    }

    @Override
    public int enter(int min, long nanos) {
        requireOwner();
        transfers.forgetEnded();
        return min == 0 ? loop.submit() : loop.await(min, nanos);
    }

    @Override
    public void drain(Completions out) {
        requireOwner();
        loop.reap();
        transfers.drain(out);
    }

    @Override
    public void wake() {
        waker.wake();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if another thread calls it while the owner lives, or if the
     *     owner has died and the kernel does not finish its transfers within 30 seconds; the memory
     *     of those transfers must then never be used again
     */
    @Override
    public void close() {
        if (Thread.currentThread() != owner && owner.isAlive()) {
            throw new IllegalStateException(
                    "a ring is closed by its owner while that lives, owner=" + owner.getName());
        }
        closeForOwner();
    }

    @Override
    public void closeForOwner() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean finished = Thread.currentThread() == owner && finish();
        if (finished) {
            transfers.discard();
        }
        waker.close();
        ring.close();
        try {
            if (!finished && !teardown.await(LAST_TRANSFERS)) {
                throw new IllegalStateException(
                        "the kernel may still move data of a ring that its owner has left: never"
                                + (" use that memory again, transfers=" + transfers.inFlight()));
            }
            transfers.letGo();
        } finally {
            teardown.close();
        }
    }

    private boolean finish() {
        int result = 0;
        while (result == 0 && transfers.inFlight() > 0) {
            result = loop.await(transfers.done() + 1, Long.MAX_VALUE);
        }
        return result == 0;
    }

    /** For tests that add entries of no transfer. */
    SubmissionQueue submissions() {
        return ring.submissions();
    }

    private void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new WrongThreadException(
                    "a ring is used by the thread that opened it, owner="
                            + (owner.getName() + " caller=" + Thread.currentThread().getName()));
        }
        if (closed.get()) {
            throw new IllegalStateException("the ring is closed");
        }
    }

    @Override
    public String toString() {
        if (closed.get()) {
            return "UringRing[closed]";
        }
        return "UringRing[sq "
                + ring.submissions()
                + ", cq "
                + ring.completions()
                + (", inFlight=" + transfers.inFlight() + " done=" + transfers.done() + "]");
    }
}
