package io.pinbounce.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
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
        try {
            call(patience, state, Executors.callable(work));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The same for work that returns something, and may throw anything. */
    public static <T> T call(Duration patience, Supplier<String> state, Callable<T> work)
            throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().daemon().name("watched").start(task);
        try {
            if (!thread.join(patience)) {
                AssertionError hang = new AssertionError(describe(patience, state));
                System.out.println(hang.getMessage()); // what cleans up may hang as well
                thread.interrupt();
                throw hang;
            }
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
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

    /** The stacks of all threads, virtual ones too where {@code jcmd} can tell of them. */
    public static String threads() {
        try {
            Path dump = Files.createTempFile("pinbounce-threads", ".txt");
            try {
                Command jcmd =
                        Command.run(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(ProcessHandle.current().pid()),
                                "Thread.dump_to_file",
                                "-overwrite",
                                dump.toString());
                return jcmd.status() == 0 ? Files.readString(dump) : platformThreads();
            } finally {
                Files.delete(dump);
            }
        } catch (IOException | UncheckedIOException e) {
            return e + "\n" + platformThreads();
        }
    }

    /** The stacks of all platform threads, and what each of them waits for. */
    private static String platformThreads() {
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
