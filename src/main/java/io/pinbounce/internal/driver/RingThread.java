package io.pinbounce.internal.driver;

import io.pinbounce.Engine;
import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.Log;
import io.pinbounce.internal.linux.UringRefusal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A thread with a ring of its own, which moves the transfers that other threads hand over. A
 * transfer that finds no free slot waits in line; only the ring's own calls block the thread.
 *
 * <p>The ring may change. Where a shortage led to threads, io_uring is tried again as jobs come:
 * for each of the first {@value #EAGER_TRIES}, then for one in {@value #TRY_EVERY}, so that what
 * the tries cost stays small beside the jobs. Where the kernel stops serving the ring, threads take
 * over what was in flight.
 */
final class RingThread implements Runnable {

    private static final int EAGER_TRIES = 16;

    private static final int TRY_EVERY = 256;

    private final IoEngine engine;

    private final int depth;

    private final Engine wanted;

    private final ConcurrentLinkedQueue<RingJob> line = new ConcurrentLinkedQueue<>();

    /** Done once the ring is open, or why it is not. */
    private final CompletableFuture<ChosenRing> opened = new CompletableFuture<>();

    /**
     * The ring in use, once it is open. The thread writes it before it looks at {@link #line} and
     * {@link #stopping}, and others read it after they have written those: one that wakes a ring
     * that was replaced has been noticed.
     */
    private volatile @Nullable ChosenRing chosen;

    private volatile boolean stopping;

    /**
     * Done once the ring is closed; a thread that hands a job over after this fails the job itself.
     */
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /** The jobs in flight, by slot. */
    private final @Nullable RingJob[] flying;

    private final int[] free;

    private int freeCount;

    /**
     * Tries of io_uring that failed in a row for a shortage, and jobs that come before the next.
     */
    private int tries;

    private int jobsToTry;

    private RingThread(IoEngine engine, int depth, Engine wanted) {
        this.engine = engine;
        this.depth = depth;
        this.wanted = wanted;
        flying = new RingJob[depth];
        free = new int[depth];
        for (int slot = 0; slot < depth; slot++) {
            free[freeCount++] = slot;
        }
    }

    /**
     * Starts a thread and waits until its ring is open.
     *
     * @throws IOException if the ring cannot be opened
     */
    static RingThread start(String name, IoEngine engine, int depth, Engine wanted)
            throws IOException {
        RingThread ring = new RingThread(engine, depth, wanted);
        Thread.ofPlatform().daemon().name(name).start(ring);
        try {
            ring.opened.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw new IOException(io.getMessage(), io);
            }
            throw e;
        }
        return ring;
    }

    ChosenRing chosen() {
        ChosenRing now = chosen;
        return now == null ? opened.join() : now;
    }

    /** Takes a transfer over. For any thread. */
    void take(RingJob job) {
        line.add(job);
        if (end.isDone()) {
            failLine();
        } else {
            wake();
        }
    }

    /** Wakes the thread, so that its ring forgets files and memory that have ended. */
    void wake() {
        chosen().ring().wake();
    }

    /** Ends the thread once all jobs that were handed over are done. */
    void stop() {
        stopping = true;
        wake();
    }

    /** Waits, after {@link #stop}, until the ring has given everything back. */
    void awaitEnd() {
        end.join();
    }

    @Override
    public void run() {
        try {
            chosen = ChosenRing.open(engine, depth, wanted);
            opened.complete(chosen());
        } catch (IOException | RuntimeException | Error e) {
            opened.completeExceptionally(e);
            return;
        }
        boolean landed = false;
        try {
            move();
        } catch (RuntimeException | Error e) { // any failure: other threads wait for this thread
            Log.say(System.Logger.Level.ERROR, "a ring is broken, its requests fail", e);
        }
        try {
            chosen().ring().close(); // waits for jobs in flight: then their memory may be freed
            landed = true;
        } catch (RuntimeException | Error e) {
            Log.say(
                    System.Logger.Level.ERROR,
                    "requests in flight never end, since the kernel may still use their memory",
                    e);
        }
        end.complete(null);
        if (landed) {
            failFlying();
        }
        failLine();
    }

    private void move() {
        Completions completions = new Completions(depth);
        while (!stopping || freeCount < depth || !line.isEmpty()) {
            if (chosen().passing() && !line.isEmpty() && jobsToTry <= 0) {
                tryRing(completions);
            }
            prepare();
            moveSome(completions);
        }
    }

    /** Opens a ring in place of the threads, and uses it once they have done what they have. */
    private void tryRing(Completions completions) {
        ChosenRing found;
        try {
            found = ChosenRing.ring(engine, depth);
        } catch (RingUnavailableException _) {
            tries++;
            jobsToTry = tries < EAGER_TRIES ? 1 : TRY_EVERY;
            return;
        }
        boolean inUse = false;
        try {
            while (freeCount < depth) {
                moveSome(completions);
            }
            chosen().ring().close();
            chosen = found;
            tries = 0;
            inUse = true;
        } finally {
            if (!inUse) {
                found.ring().close();
            }
        }
    }

    private void prepare() {
        while (freeCount > 0) {
            RingJob job = line.poll();
            if (job == null) {
                return;
            }
            int slot = free[--freeCount];
            flying[slot] = job;
            jobsToTry--;
            chosen().ring().prep(slot, job.submission());
        }
    }

    /** Sends what is prepared, waits for a transfer or a wake-up, and completes what is done. */
    private void moveSome(Completions completions) {
        IoRing ring = chosen().ring();
        int result = ring.enter(1, Long.MAX_VALUE);
        if (result < 0) {
            fallBack(-result);
            return;
        }
        completions.clear();
        ring.drain(completions);
        for (int i = 0; i < completions.count(); i++) {
            int slot = completions.slot(i);
            RingJob job = flying[slot];
            flying[slot] = null;
            free[freeCount++] = slot;
            if (job != null) {
                job.complete(completions.result(i), completions.forced(i));
            }
        }
    }

    /**
     * The kernel serves the ring no more. A transfer that was in flight may have been made; made
     * again it moves the same bytes to the same place, since its request is not over.
     */
    private void fallBack(int errno) {
        UringRefusal refusal = UringRefusal.of("io_uring_enter", errno);
        if (wanted == Engine.REQUIRED_URING) {
            throw new IllegalStateException(refusal.reason());
        }
        chosen().ring().close(); // the kernel is done with what was in flight
        chosen = ChosenRing.threads(engine, depth, refusal.reason(), refusal.passing());
        for (int slot = 0; slot < depth; slot++) {
            RingJob job = flying[slot];
            if (job != null) {
                chosen().ring().prep(slot, job.submission());
            }
        }
    }

    private void failFlying() {
        for (RingJob job : flying) {
            if (job != null) {
                job.complete(-Errno.EIO, 0);
            }
        }
    }

    private void failLine() {
        for (RingJob next = line.poll(); next != null; next = line.poll()) {
            next.complete(-Errno.EIO, 0);
        }
    }
}
