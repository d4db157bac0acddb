package io.pinbounce.tool.bench;

import io.pinbounce.Completion;
import io.pinbounce.CompletionHandler;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * One thread keeps a {@link DirectQueue} full. While it does, nothing is allocated, and the clock
 * is read once a request: the next is asked for as soon as one has ended.
 */
final class QueueTraffic implements CompletionHandler {

    private final DirectFile file;

    private final DirectQueue queue;

    private final Traffic traffic;

    private final Observer observer;

    private final MemorySegment[] buffers;

    private final boolean[] forcing; // instead of what the buffer of that number does

    private final long[] asked; // when, of the request of the buffer of that number

    private boolean observed;

    private long next;

    private long ended;

    private long last;

    private int forceDue; // requests until then

    /**
     * What is observed of the traffic.
     *
     * @param flushes how many flushes there were by now
     * @param latencies is told how many nanoseconds each request took that is counted
     */
    record Observer(LongSupplier flushes, LongConsumer latencies) {

        static Observer none() {
            return new Observer(() -> 0, _ -> {});
        }
    }

    /**
     * Traffic that has not begun.
     *
     * @param memory for all requests, each of which has its own part
     */
    QueueTraffic(
            DirectFile file,
            DirectQueue queue,
            Traffic traffic,
            MemorySegment memory,
            Observer observer) {
        this.file = file;
        this.queue = queue;
        this.traffic = traffic;
        this.observer = observer;
        buffers = new MemorySegment[traffic.depth()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = memory.asSlice((long) i * traffic.size(), traffic.size());
        }
        forcing = new boolean[traffic.depth()];
        asked = new long[traffic.depth()];
        forceDue = traffic.forceEvery();
    }

    /** Moves data for a window of time, and counts all but its ramp. */
    Measurement run(Window window) throws IOException {
        begin(Long.MAX_VALUE);
        turnFor(window.rampNanos());
        Measurement.Clock clock = clock();
        observed = true;
        turnFor(window.nanos());
        observed = false;
        Measurement measured = clock.stop();
        last = next;
        drain();
        return measured;
    }

    /** Writes for a window of time, and counts until all of it is on the medium. */
    Measurement runForced(Window window) throws IOException {
        begin(Long.MAX_VALUE);
        turnFor(window.rampNanos());
        force();
        Measurement.Clock clock = clock();
        begin(Long.MAX_VALUE);
        turnFor(window.nanos());
        force();
        return clock.stop();
    }

    /** Goes through all of the target once, and counts from the first request to the last. */
    Measurement pass() throws IOException {
        Measurement.Clock clock = clock();
        begin(next + traffic.span() / traffic.size());
        drain();
        return clock.stop();
    }

    private Measurement.Clock clock() throws IOException {
        return new Measurement.Clock(() -> ended, observer.flushes());
    }

    private void begin(long end) throws IOException {
        last = end;
        long now = System.nanoTime();
        for (int i = 0; i < buffers.length; i++) {
            ask(i, now);
        }
    }

    /** Waits until all requests are done, with those that completions still ask for. */
    void drain() throws IOException {
        while (queue.pending() > 0) {
            queue.await(1, this);
        }
    }

    private void force() throws IOException {
        last = next;
        drain();
        forcing[0] = true;
        queue.force(file, 0);
        drain();
    }

    private void turnFor(long nanos) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            queue.await(1, this);
        }
    }

    private void ask(int buffer, long now) throws IOException {
        if (next == last) {
            return;
        }
        asked[buffer] = now;
        if (forceDue == 0) {
            forceDue = traffic.forceEvery();
            forcing[buffer] = true;
            queue.force(file, buffer);
            return;
        }
        forceDue--;
        long position = traffic.position(next);
        next++;
        switch (traffic.direction()) {
            case READ -> queue.read(file, buffers[buffer], position, buffer);
            case WRITE -> queue.write(file, buffers[buffer], position, buffer);
        }
    }

    @Override
    public void completed(Completion completion) throws IOException {
        int buffer = (int) completion.token();
        boolean forced = forcing[buffer];
        if (completion.bytes() != (forced ? 0 : traffic.size())) {
            throw new IOException("a request came out short, bytes=" + completion.bytes());
        }
        forcing[buffer] = false;
        ended += forced ? 0 : 1;
        long now = System.nanoTime();
        if (observed && !forced) {
            observer.latencies().accept(now - asked[buffer]);
        }
        ask(buffer, now);
    }
}
