package io.pinbounce;

import io.pinbounce.internal.driver.RingThreads;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.uring.UringEngine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A few threads with a ring each, which move the data of calls that do not wait in a system call of
 * their own: asynchronous calls of {@link DirectFile}, and blocking calls on virtual threads, which
 * park meanwhile.
 *
 * <p>Copies and guards are made by the callers, or on virtual threads: a ring thread only sends
 * requests and takes their completions. A request that finds all slots taken waits in line. The
 * process has one service, which is made when it is first needed; files that should not share it
 * are given their own with {@link DirectOptions#ioService}.
 *
 * <p><b>Threads.</b> Everything here is for any thread.
 */
public final class IoService implements AutoCloseable {

    /** Threads of a service at the most. */
    public static final int MAX_THREADS = 16;

    private static @Nullable IoService shared;

    private final RingThreads threads;

    private IoService(RingThreads threads) {
        this.threads = threads;
    }

    /**
     * Starts a service.
     *
     * @param threads how many, 1 to {@value #MAX_THREADS}; one is enough for most disks
     * @param depth requests in flight for each thread, 1 to {@value DirectQueue#MAX_DEPTH}
     * @param engine what moves the data
     * @return a service; close it after the files that use it
     * @throws IOException if {@link Engine#REQUIRED_URING} cannot be had: the message says why and
     *     what to do
     * @throws IllegalArgumentException if a value is out of range
     */
    public static IoService open(int threads, int depth, Engine engine) throws IOException {
        return open(threads, depth, engine, UringEngine.system());
    }

    static IoService open(int threads, int depth, Engine wanted, IoEngine engine)
            throws IOException {
        if (threads < 1 || threads > MAX_THREADS || depth < 1 || depth > DirectQueue.MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "a service has 1 to "
                            + MAX_THREADS
                            + (" threads, each with a depth of 1 to " + DirectQueue.MAX_DEPTH)
                            + (", threads=" + threads + " depth=" + depth));
        }
        return new IoService(RingThreads.start(engine, threads, depth, wanted));
    }

    /**
     * The service that files use when their options name none: one thread, {@link Engine#AUTO}.
     *
     * @return the one service of the process, started with the first call; closing it does nothing
     */
    public static synchronized IoService shared() {
        IoService service = shared;
        if (service == null) {
            service = new IoService(RingThreads.shared());
            shared = service;
        }
        return service;
    }

    /**
     * What moves the data. It may change: where descriptors or memory ran out when the service
     * began, threads move the data, and io_uring is tried again as requests come (for each of the
     * first 16, then for one in 256); where the kernel stops serving a ring, threads take over what
     * was in flight. A rule that forbids io_uring is final.
     *
     * @return {@code "io_uring"}, or {@code "threads"} where that cannot be had
     */
    public String engine() {
        return threads.engine();
    }

    /**
     * Why this engine moves the data.
     *
     * @return in words, with the fix
     */
    public String engineReason() {
        return threads.engineReason();
    }

    /**
     * Ends the threads once the requests in flight are done, and waits for that. Later requests
     * fail with {@link java.nio.channels.ClosedChannelException}. Closing again does nothing.
     */
    @Override
    public void close() {
        if (!threads.equals(RingThreads.running())) {
            threads.close();
        }
    }

    RingThreads threads() {
        return threads;
    }
}
