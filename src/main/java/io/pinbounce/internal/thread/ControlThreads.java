package io.pinbounce.internal.thread;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls that change or ask about a file as a whole, and that may take long: if a virtual thread
 * asks for one, a platform thread of this class makes the call, so that the virtual thread parks
 * instead of holding its carrier.
 */
public final class ControlThreads {

    private static final int THREADS = 4;

    private static final long IDLE_SECONDS = 10;

    private static final AtomicInteger STARTED = new AtomicInteger();

    private static final Executor EXECUTOR = executor();

    private ControlThreads() {}

    private static Executor executor() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("pinbounce-control-" + STARTED.getAndIncrement())
                                        .unstarted(task));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** A task that may throw. */
    public interface Task<T, E extends Exception> {

        T make() throws E;
    }

    /** A call without a result. */
    public interface Action<E extends Exception> {

        void run() throws E;
    }

    /** The same as {@link #call} without a result. */
    public static <E extends Exception> void run(Action<E> action) throws E {
        if (!Thread.currentThread().isVirtual()) {
            action.run();
            return;
        }
        ControlThreads.<Boolean, E>call(
                () -> {
                    action.run();
                    return true;
                });
    }

    /**
     * Makes a call, on this thread if it is a platform thread. Interrupts do not end the wait; the
     * status is kept.
     */
    @SuppressWarnings("unchecked") // a call throws what it declares
    public static <T, E extends Exception> T call(Task<T, E> task) throws E {
        if (!Thread.currentThread().isVirtual()) {
            return task.make();
        }
        FutureTask<T> future = new FutureTask<>(task::make);
        EXECUTOR.execute(future);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw (E) e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
