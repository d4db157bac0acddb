package io.pinbounce.crash;

import io.pinbounce.crash.CrashWriter.Order;
import io.pinbounce.testing.ChildJvm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link CrashWriter} in another process, and all that it said. */
final class WriterProcess implements AutoCloseable {

    private static final long PATIENCE = 60; // seconds

    private static final int KILLED = 128 + 9;

    /** It lives for less than a second: the quickest start wins. */
    private static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m");

    private final Order order;

    private final Process process;

    private final Thread reader;

    private final List<Event> heard = new ArrayList<>(); // the reader's until it has ended

    private final CountDownLatch opening = new CountDownLatch(1);

    private final CountDownLatch ready = new CountDownLatch(1);

    private WriterProcess(Order order, Process process) {
        this.order = order;
        this.process = process;
        reader = Thread.ofPlatform().daemon().start(this::hear);
    }

    static WriterProcess start(Order order) throws IOException {
        List<String> command =
                ChildJvm.command(OPTIONS, ChildJvm.classPath(), CrashWriter.class.getName());
        command.addAll(List.of(order.arguments()));
        return new WriterProcess(
                order,
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** What it says survives it, but for a last line that it did not get to the end of. */
    private void hear() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = process.getInputStream()) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    hear(Event.parse(line.toString(StandardCharsets.UTF_8)));
                    line.reset();
                } else {
                    line.write(next);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            opening.countDown();
            ready.countDown();
        }
    }

    private void hear(Event event) {
        heard.add(event);
        switch (event.kind()) {
            case OPENING -> opening.countDown();
            case READY -> ready.countDown();
            default -> {}
        }
    }

    /** Returns when it is about to open the file. */
    void awaitOpening() throws InterruptedException {
        await(opening);
    }

    /** Returns when it has opened the file. */
    void awaitReady() throws InterruptedException {
        await(ready);
    }

    private void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(PATIENCE, TimeUnit.SECONDS)) {
            throw new AssertionError("the writer does nothing, " + order);
        }
        if (!process.isAlive()) {
            throw new AssertionError(
                    "the writer has ended, standard error says why, status=%d %s"
                            .formatted(process.exitValue(), order));
        }
    }

    long pid() {
        return process.pid();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end, which must be that it was killed. */
    List<Event> awaitKilled() throws InterruptedException {
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            throw new AssertionError("the writer does not end, " + order);
        }
        reader.join();
        if (process.exitValue() != KILLED) {
            throw new AssertionError(
                    "the writer failed by itself, standard error says why, status=%d %s"
                            .formatted(process.exitValue(), order));
        }
        return heard;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
