package io.pinbounce.internal.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A ring for machines that forbid io_uring: a few threads that block, each with one transfer at a
 * time. Threads start when there is work for them, and end with {@link #close()}.
 *
 * <pre>
 *  order[]    . . s s s s s s s p p p . .      slots in order, around and around
 *                 ^             ^     ^
 *               taken          sent  prepared
 * </pre>
 *
 * <p>If a transfer throws, the ring is broken: {@link #enter} throws the same from then on, and so
 * does {@link #drain} when it has nothing to report; that transfer is never reported.
 * <b>Memory.</b> Pages of a {@link io.pinbounce.internal.linux.PinnedPages} may be confined to the
 * owner; the threads cannot use other confined memory.
 */
public final class PooledRing implements IoRing {

    /** Threads at the most, however deep the ring is. */
    public static final int MAX_THREADS = 16;

    private static final int MAX_DEPTH = 4096;

    private final RingOwner owner = new RingOwner();

    private final IoEngine engine;

    private final RingSlot[] slots;

    /** Slots between prep and drain. Only the owner uses this. */
    private final BitSet busy;

    /** Written at {@code prepared} by the owner, read below {@code sent} by the threads. */
    private final int[] order;

    /** Only the owner uses this. */
    private long prepared;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition work = lock.newCondition();

    /** The owner waits here. The lock guards all fields that follow. */
    private final Wakeup progress = new Wakeup(lock);

    private final Completions done;

    private final List<Thread> threads = new ArrayList<>();

    private long sent;

    private long taken;

    private long finished;

    private boolean closed;

    private @Nullable IllegalStateException failure;

    /**
     * Makes a ring for the current thread; no other thread starts yet.
     *
     * @param engine moves the data
     * @param depth transfers in flight at the most, 1 to 4096
     * @throws IllegalArgumentException if the depth is out of range
     */
    public PooledRing(IoEngine engine, int depth) {
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "a ring has 1 to " + MAX_DEPTH + " slots, depth=" + depth);
        }
        this.engine = engine;
        slots = new RingSlot[depth];
        for (int slot = 0; slot < depth; slot++) {
            slots[slot] = new RingSlot();
        }
        busy = new BitSet(depth);
        order = new int[depth];
        done = new Completions(depth);
    }

    @Override
    public String name() {
        return "threads";
    }

    @Override
    public int depth() {
        return slots.length;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if another thread calls it, or the slot has a transfer in it
     */
    @Override
    public void prep(int slot, Submission submission) {
        owner.require();
        if (busy.get(slot)) {
            throw new IllegalStateException(
                    "a slot is free again once its transfer was drained, slot=" + slot);
        }
        slots[slot].prep(submission);
        busy.set(slot);
        order[(int) (prepared % order.length)] = slot;
        prepared++;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if another thread calls it, the ring is closed, or a transfer
     *     threw something, which is the cause
     */
    @Override
    public int enter(int min, long nanos) {
        owner.require();
        lock.lock();
        try {
            requireGood();
            send();
            progress.await(() -> done.count() >= min || failure != null, nanos);
            requireGood();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private void requireGood() {
        if (closed) {
            throw new IllegalStateException("the ring is closed");
        }
        if (failure != null) {
            throw new IllegalStateException(failure.getMessage(), failure.getCause());
        }
    }

    /** Starts threads first: if one does not start, nothing was sent, and enter can be repeated. */
    private void send() {
        long wanted = Math.min(prepared - finished, Math.min(order.length, MAX_THREADS));
        while (threads.size() < wanted) {
            threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("pinbounce-io-" + threads.size())
                            .start(this::work));
        }
        for (; sent < prepared; sent++) {
            work.signal();
        }
    }

    private void work() {
        for (int slot = take(); slot >= 0; slot = take()) {
            try {
                slots[slot].execute(engine);
                finish(slot);
            } catch (Throwable t) { // any error is for the owner, which waits for the slot
                fail(slot, t);
            }
        }
    }

    /** The next slot; -1 if the ring is closed and none is left. */
    private int take() {
        lock.lock();
        try {
            while (taken == sent && !closed) {
                work.awaitUninterruptibly();
            }
            return taken == sent ? -1 : order[(int) (taken++ % order.length)];
        } finally {
            lock.unlock();
        }
    }

    private void finish(int slot) {
        lock.lock();
        try {
            slots[slot].complete(slot, done);
            finished++;
            progress.signal();
        } finally {
            lock.unlock();
        }
    }

    private void fail(int slot, Throwable cause) {
        Submission submission = slots[slot].submission();
        String message =
                "a transfer threw, so its outcome is unknown and the ring is no good; close it:"
                        + (" op=" + submission.op() + " position=" + submission.position())
                        + (" length=" + submission.length() + " slot=" + slot);
        lock.lock();
        try {
            if (failure == null) {
                failure = new IllegalStateException(message, cause);
            }
            finished++;
            progress.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if another thread calls it, or there is nothing to bring and
     *     the ring is closed, or a transfer threw something, which is the cause
     */
    @Override
    public void drain(Completions out) {
        owner.require();
        lock.lock();
        try {
            if (done.count() == 0) {
                requireGood();
            }
            for (int i = 0; i < done.count(); i++) {
                out.add(done.slot(i), done.result(i), done.forced(i));
                busy.clear(done.slot(i));
            }
            done.clear();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wake() {
        progress.wake();
    }

    /** {@inheritDoc} What was prepared but not sent is dropped. Closing again does nothing. */
    @Override
    public void close() {
        owner.requireToClose();
        closeForOwner();
    }

    @Override
    public void closeForOwner() {
        List<Thread> ending;
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            ending = List.copyOf(threads);
        } finally {
            lock.unlock();
        }
        ending.forEach(PooledRing::join);
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
