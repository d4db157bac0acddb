package io.pinbounce.internal.driver;

import io.pinbounce.Engine;
import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.linux.Errno;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A thread with a ring of its own, which moves the transfers that other threads hand over. A
 * transfer that finds no free slot waits in line; only the ring's own calls block the thread.
 */
final class RingThread implements Runnable {

    private static final System.Logger LOG = System.getLogger("io.pinbounce");

    private final IoEngine engine;

    private final int depth;

    private final Engine wanted;

    private final ConcurrentLinkedQueue<RingJob> line = new ConcurrentLinkedQueue<>();

    /** The ring once it is open, or why it is not. */
    private final CompletableFuture<ChosenRing> opened = new CompletableFuture<>();

    private volatile boolean stopping;

    /**
     * Done once the ring is closed; a thread that hands a job over after this fails the job itself.
     */
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /** The jobs in flight, by slot. */
    private final @Nullable RingJob[] flying;

    private final int[] free;

    private int freeCount;

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
        return opened.join();
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
            opened.complete(ChosenRing.open(engine, depth, wanted));
        } catch (IOException | RuntimeException | Error e) {
            opened.completeExceptionally(e);
            return;
        }
        IoRing ring = chosen().ring();
        boolean landed = false;
        try {
            move(ring);
        } catch (RuntimeException | Error e) { // any failure: other threads wait for this thread
            LOG.log(System.Logger.Level.ERROR, "a ring is broken, its requests fail", e);
        }
        try {
            ring.close(); // waits for the jobs in flight: only then may their memory be freed
            landed = true;
        } catch (RuntimeException | Error e) {
            LOG.log(
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

    private void move(IoRing ring) {
        Completions completions = new Completions(depth);
        while (!stopping || freeCount < depth || !line.isEmpty()) {
            prepare(ring);
            int result = ring.enter(1, Long.MAX_VALUE);
            if (result < 0) {
                throw new IllegalStateException("enter failed: " + Errno.describe(-result));
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
    }

    private void prepare(IoRing ring) {
        while (freeCount > 0) {
            RingJob job = line.poll();
            if (job == null) {
                return;
            }
            int slot = free[--freeCount];
            flying[slot] = job;
            ring.prep(slot, job.submission());
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
