package io.pinbounce.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A call on a thread of its own, which the test watches. Every wait here has an end, so that a lost
 * wake-up fails a test and does not hang it; the thread is a daemon, left behind in that case.
 *
 * @param <T> what the call returns
 */
public final class Background<T> {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final FutureTask<T> task;

    private final Thread thread;

    private Background(Callable<T> call) {
        task = new FutureTask<>(call);
        thread = Thread.ofPlatform().daemon().name("background").start(task);
    }

    /** Starts a call. */
    public static <T> Background<T> call(Callable<T> call) {
        return new Background<>(call);
    }

    /** What the call returned; fails if it threw, or does not end. */
    public T result() throws Exception {
        try {
            awaitEnd();
            return task.get();
        } catch (ExecutionException e) {
            throw new AssertionError("the call in the background failed", e.getCause());
        }
    }

    /** What the call threw; fails if it returned, or does not end. */
    public Throwable failure() throws Exception {
        try {
            awaitEnd();
            throw new AssertionError("nothing was thrown, result=" + task.get());
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private void awaitEnd() throws InterruptedException, IOException {
        if (!thread.join(PATIENCE)) {
            throw new AssertionError("does not end: " + thread + "\n" + Watchdog.threads());
        }
    }

    /** Whether the call has ended. */
    public boolean isDone() {
        return task.isDone();
    }

    /** Interrupts the call's thread. */
    public void interrupt() {
        thread.interrupt();
    }

    /**
     * Returns once the call is waiting inside a method; fails if it ends instead.
     *
     * @param method a simple name anywhere in the stack
     */
    public Background<T> awaitWaitingIn(String method) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isWaitingIn(method)) {
            if (isDone() || System.nanoTime() - end > 0) {
                throw new AssertionError(
                        "not waiting in "
                                + method
                                + ", done="
                                + isDone()
                                + " stack="
                                + Arrays.toString(thread.getStackTrace()));
            }
            Thread.sleep(Duration.ofMillis(1));
        }
        return this;
    }

    /** Whether the call is waiting inside a method now. */
    public boolean isWaitingIn(String method) {
        Thread.State state = thread.getState();
        return (state == Thread.State.WAITING || state == Thread.State.BLOCKED)
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals(method));
    }
}
