package io.pinbounce.crash;

import io.pinbounce.crash.CrashWriter.Order;
import io.pinbounce.testing.Background;
import io.pinbounce.testing.ChildJvm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link CrashWriter} in another process, and all that it said. */
final class WriterProcess implements AutoCloseable {

    private static final long PATIENCE = 300; // seconds

    private static final int KILLED = 128 + 9;

    /** The process lives for less than a second, so these options make it start fast. */
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-Xmx256m",
                    "-Djava.util.logging.config.file=/dev/null");

    private final Order order;

    private final Process process;

    private final Background<List<Event>> reader;

    private final CountDownLatch opening = new CountDownLatch(1);

    private final CountDownLatch ready = new CountDownLatch(1);

    private final CountDownLatch working = new CountDownLatch(1);

    private WriterProcess(Order order, Process process) {
        this.order = order;
        this.process = process;
        reader = Background.call(this::hear);
    }

    static WriterProcess start(Order order) throws IOException {
        List<String> command =
                ChildJvm.command(OPTIONS, ChildJvm.classPath(), CrashWriter.class.getName());
        command.addAll(List.of(order.arguments()));
        return new WriterProcess(
                order,
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Reads all that the process printed, but for a last line that it did not finish. */
    private List<Event> hear() throws IOException {
        List<Event> heard = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = process.getInputStream()) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    Event event = Event.parse(line.toString(StandardCharsets.UTF_8));
                    heard.add(event);
                    open(event.kind());
                    line.reset();
                } else {
                    line.write(next);
                }
            }
            return heard;
        } finally {
            opening.countDown();
            ready.countDown();
            working.countDown();
        }
    }

    private void open(Event.Kind kind) {
        switch (kind) {
            case OPENING -> opening.countDown();
            case READY -> ready.countDown();
            default -> working.countDown();
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

    /** Returns when it has told of some work: on a busy machine that may be long after. */
    void awaitWorking() throws InterruptedException {
        await(working);
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

    /** Not as {@link Process#destroyForcibly} does, which drops what was not read yet. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for its end, which must be that it was killed. */
    List<Event> awaitKilled() throws Exception {
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            throw new AssertionError("the writer does not end, " + order);
        }
        List<Event> heard = reader.result();
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
