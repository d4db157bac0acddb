package io.pinbounce.tool.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in order when the JVM is told to end, for example by Ctrl-C: the command is
 * told to stop, and the JVM waits until everything is put back. The exit status is the signal's,
 * 130 for Ctrl-C.
 */
final class StopOnSignal implements AutoCloseable {

    /** A request that a broken device never answers must not keep the JVM for good. */
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch done = new CountDownLatch(1);

    private final Thread hook;

    private StopOnSignal(Runnable stop) {
        this.hook =
                new Thread(
                        () -> {
                            stop.run();
                            awaitCommand();
                        },
                        "stop-on-signal");
    }

    /**
     * From now on, a signal makes the command stop.
     *
     * @param stop tells the command to stop and returns at once
     * @return to be closed, first opened and last closed, when nothing is left to put back
     */
    static StopOnSignal calls(Runnable stop) {
        StopOnSignal opened = new StopOnSignal(stop);
        Runtime.getRuntime().addShutdownHook(opened.hook);
        return opened;
    }

    private void awaitCommand() {
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("pinbounce: a request does not end; not waiting any longer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and the hook has run or is about to.
        }
    }
}
