package io.pinbounce.testing;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Watches work that may hang: what does not end fails with the stacks of all threads, and with what
 * the test knows about its state, since a time limit alone tells nothing.
 */
public final class Watchdog {

    /** No test comes near it, however busy the machine: what takes so long waits for itself. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private Watchdog() {}

    /**
     * Does work on a thread of its own, which is interrupted and left behind if it does not end.
     *
     * @param patience how long it may take
     * @param state what is known about it if it takes longer, asked for on the caller's thread
     * @param work what it throws is thrown here
     */
    public static void watch(Duration patience, Supplier<String> state, Runnable work) {
        FutureTask<Boolean> task = new FutureTask<>(work, true);
        Thread thread = Thread.ofPlatform().daemon().name("watched").start(task);
        try {
            if (!thread.join(patience)) {
                AssertionError hang = new AssertionError(describe(patience, state));
                thread.interrupt();
                throw hang;
            }
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            throw new AssertionError("nothing interrupts a test that watches", e);
        }
    }

    private static String describe(Duration patience, Supplier<String> state) {
        String known;
        try {
            known = state.get();
        } catch (RuntimeException e) {
            known = "its state changes while it is read: " + e; // so it is not all that hangs
        }
        return "no end after " + patience + "\n" + known + "\n" + threads();
    }

    /** The stacks of all platform threads, and what each of them waits for. */
    public static String threads() {
        Map<String, String> texts = new TreeMap<>();
        Thread.getAllStackTraces()
                .forEach(
                        (thread, frames) -> {
                            StringBuilder text = new StringBuilder();
                            text.append(thread.getName()).append(" #").append(thread.threadId());
                            text.append(' ').append(thread.getState());
                            text.append(" for ").append(LockSupport.getBlocker(thread));
                            for (StackTraceElement frame : frames) {
                                text.append("\n    at ").append(frame);
                            }
                            texts.put(text.toString(), "");
                        });
        return String.join("\n", texts.keySet());
    }
}
