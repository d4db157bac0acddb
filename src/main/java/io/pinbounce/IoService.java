package io.pinbounce;

import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.thread.Dropped;
import io.pinbounce.internal.thread.Gate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads with a ring each, which move the data of callers that do not wait in a system call
 * themselves: asynchronous calls of {@link DirectFile}, and blocking calls on virtual threads,
 * which park meanwhile.
 *
 * <p>Copies and guards are made by the callers, or on virtual threads: a ring thread only sends and
 * reaps. What finds all slots taken waits in line. The process has one service, which is made when
 * it is first needed; files that should not share it are given their own with {@link
 * DirectOptions#ioService}.
 *
 * <p><b>Threads.</b> Everything here is for any thread.
 */
public final class IoService implements AutoCloseable {

    /** Threads of a service at the most. */
    public static final int MOST_THREADS = 16;

    private static final int SHARED_DEPTH = 128;

    private static final AtomicInteger MADE = new AtomicInteger();

    private static volatile @Nullable IoService running;

    private final IoEngine engine;

    private final List<RingThread> threads = new ArrayList<>();

    private final AtomicInteger next = new AtomicInteger();

    private final Gate gate = new Gate();

    /** Whose end is that of the process. */
    private final boolean endless;

    private IoService(IoEngine engine, boolean endless) {
        this.engine = engine;
        this.endless = endless;
    }

    /**
     * Starts a service.
     *
     * @param threads how many, 1 to {@value #MOST_THREADS}; one is enough for most disks
     * @param depth requests in flight for each thread, 1 to {@value DirectQueue#DEEPEST}
     * @param engine what moves the data
     * @return a service; close it after the files that use it
     * @throws IOException if {@link Engine#REQUIRED_URING} cannot be had: the message says why and
     *     what to do
     * @throws IllegalArgumentException if a value is out of range
     */
    public static IoService open(int threads, int depth, Engine engine) throws IOException {
        return open(threads, depth, engine, SystemEngine.engine(), false);
    }

    static IoService open(int threads, int depth, Engine wanted, IoEngine engine, boolean endless)
            throws IOException {
        if (threads < 1 || threads > MOST_THREADS || depth < 1 || depth > DirectQueue.DEEPEST) {
            throw new IllegalArgumentException(
                    "a service has 1 to "
                            + MOST_THREADS
                            + (" threads, each with a depth of 1 to " + DirectQueue.DEEPEST)
                            + (", threads=" + threads + " depth=" + depth));
        }
        IoService service = new IoService(engine, endless);
        boolean started = false;
        try {
            for (int i = 0; i < threads; i++) {
                String name = "pinbounce-ring-" + MADE.getAndIncrement();
                service.threads.add(RingThread.start(name, engine, depth, wanted));
            }
            started = true;
            List<RingThread> rings = service.threads;
            Dropped.watch(service, () -> rings.forEach(RingThread::stop)); // nothing is in flight
            return service;
        } finally {
            if (!started) {
                service.close();
            }
        }
    }

    /**
     * The service that files use when their options name none: one thread, {@link Engine#AUTO}.
     *
     * @return the one service of the process, started with the first call; closing it does nothing
     */
    public static IoService shared() {
        return Shared.SERVICE;
    }

    /**
     * What moves the data.
     *
     * @return {@code "io_uring"}, or {@code "threads"} where that is forbidden
     */
    public String engine() {
        return threads.getFirst().rings().ring().name();
    }

    /**
     * Why that.
     *
     * @return in words, with the fix
     */
    public String engineReason() {
        return threads.getFirst().rings().reason();
    }

    boolean serves(IoEngine wanted) {
        return engine.equals(wanted);
    }

    /** Lets a request in, whose transfers are then taken; {@link #leave} after the last one. */
    void enter() throws ClosedChannelException {
        gate.enter();
    }

    /** Takes a transfer over, which tells when it is done. */
    void take(RingJob job) {
        job.begin();
        threads.get(Math.floorMod(next.getAndIncrement(), threads.size())).take(job);
    }

    void leave() {
        gate.exit();
    }

    /** Makes the rings let go of files and memory that have ended. */
    void forgetEnded() {
        threads.forEach(RingThread::wake);
    }

    /**
     * Ends the threads once the requests in flight are done, and waits for that. Later requests
     * fail with {@link ClosedChannelException}. Closing again does nothing.
     */
    @Override
    public void close() {
        if (endless || !gate.close()) {
            return;
        }
        gate.awaitEmpty();
        threads.forEach(RingThread::stop);
        threads.forEach(RingThread::awaitEnd);
    }

    /** The service of the process, if anybody has needed it. */
    static @Nullable IoService running() {
        return running;
    }

    /** Made on first use. */
    private static final class Shared {

        static final IoService SERVICE = start();

        private Shared() {}

        private static IoService start() {
            try {
                running = open(1, SHARED_DEPTH, Engine.AUTO, SystemEngine.engine(), true);
                return running;
            } catch (IOException e) {
                throw new AssertionError("without io_uring there are threads", e);
            }
        }
    }
}
