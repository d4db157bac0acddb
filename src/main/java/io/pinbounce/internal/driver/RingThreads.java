package io.pinbounce.internal.driver;

import io.pinbounce.Engine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.thread.Dropped;
import io.pinbounce.internal.thread.Gate;
import io.pinbounce.internal.uring.UringEngine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads with a ring each, which move data for asynchronous calls, and for blocking calls on
 * virtual threads. For any thread.
 */
public final class RingThreads {

    private static final int SHARED_DEPTH = 128;

    private static final AtomicInteger STARTED = new AtomicInteger();

    private static volatile @Nullable RingThreads running;

    private final IoEngine engine;

    private final List<RingThread> threads;

    private final AtomicInteger next = new AtomicInteger();

    private final Gate gate =
            new Gate(
                    "the IoService that moves the file's data is closed; open the file with"
                            + " another one, or close the service after its files");

    private RingThreads(IoEngine engine, List<RingThread> threads) {
        this.engine = engine;
        this.threads = threads;
    }

    /**
     * Starts threads.
     *
     * @param count number of threads
     * @param depth requests in flight for each
     * @throws IOException if {@link Engine#REQUIRED_URING} is wanted and io_uring cannot be used
     */
    public static RingThreads start(IoEngine engine, int count, int depth, Engine wanted)
            throws IOException {
        RingThreads all = new RingThreads(engine, new ArrayList<>());
        boolean started = false;
        try {
            for (int i = 0; i < count; i++) {
                String name = "pinbounce-ring-" + STARTED.getAndIncrement();
                all.threads.add(RingThread.start(name, engine, depth, wanted));
            }
            started = true;
            List<RingThread> rings = List.copyOf(all.threads);
            // Files, services and calls that use it keep it: no request is inside once it is
            // dropped.
            Dropped.watch(all, () -> rings.forEach(RingThread::stop));
            return all;
        } finally {
            if (!started) {
                all.close();
            }
        }
    }

    /**
     * The one thread that serves all files whose options name no service; the first call starts it.
     */
    public static RingThreads shared() {
        RingThreads now = running;
        return now == null ? startShared() : now;
    }

    /** If no thread can be started now, the next call tries again. */
    private static synchronized RingThreads startShared() {
        RingThreads now = running;
        if (now == null) {
            try {
                now = start(UringEngine.system(), 1, SHARED_DEPTH, Engine.AUTO);
            } catch (IOException e) {
                throw new AssertionError(
                        "Engine.AUTO uses threads where io_uring is not allowed", e);
            }
            running = now;
        }
        return now;
    }

    /** The same, or null if it was not started. */
    public static @Nullable RingThreads running() {
        return running;
    }

    public boolean serves(IoEngine wanted) {
        return engine.equals(wanted);
    }

    /** What moves the data now: {@code io_uring}, or {@code threads}. */
    public String engine() {
        return threads.getFirst().chosen().ring().name();
    }

    /** Why this engine, in words. */
    public String engineReason() {
        return threads.getFirst().chosen().reason();
    }

    /**
     * Lets a request in, before its first transfer; {@link #leave} must follow its last transfer.
     */
    public void enter() throws ClosedChannelException {
        gate.enter();
    }

    /** Takes a transfer over; the job's callback runs when it is done. */
    public void take(RingJob job) {
        job.begin();
        threads.get(Math.floorMod(next.getAndIncrement(), threads.size())).take(job);
    }

    public void leave() {
        gate.exit();
    }

    /** Makes the rings forget files and memory that have ended. */
    public void forgetEnded() {
        threads.forEach(RingThread::wake);
    }

    /** Refuses further requests, waits for the requests inside, and ends the threads. */
    public void close() {
        if (gate.close()) {
            gate.awaitEmpty();
            threads.forEach(RingThread::stop);
            threads.forEach(RingThread::awaitEnd);
        }
    }
}
