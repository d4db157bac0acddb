package io.pinbounce.bench;

import io.pinbounce.Completion;
import io.pinbounce.CompletionHandler;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/** One thread keeps a {@link DirectQueue} full, all of whose memory is of one arena. */
final class QueueTraffic implements AutoCloseable, CompletionHandler {

    private final Traffic traffic;

    private final PinnedArena arena = PinnedArena.ofShared();

    private final DirectFile file;

    private final DirectQueue queue;

    private final MemorySegment[] buffers;

    private final boolean[] forcing; // instead of what the buffer of that number does

    private final LongSupplier flushes;

    private long next;

    private long ended;

    private long last;

    private int forceDue; // requests until then

    QueueTraffic(BenchFile target, Transfer transfer, Traffic traffic) throws IOException {
        this(target, transfer, traffic, () -> 0);
    }

    /**
     * Traffic beside which flushes are counted.
     *
     * @param flushes how many there were by now
     */
    QueueTraffic(BenchFile target, Transfer transfer, Traffic traffic, LongSupplier flushes)
            throws IOException {
        this.traffic = traffic;
        this.flushes = flushes;
        forcing = new boolean[traffic.depth()];
        MemorySegment all = arena.allocate((long) traffic.depth() * traffic.size());
        all.fill((byte) 0x5A);
        buffers = new MemorySegment[traffic.depth()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = all.asSlice((long) i * traffic.size(), traffic.size());
        }
        forceDue = traffic.forceEvery();
        file = target.open(transfer);
        queue = DirectQueue.open(traffic.depth(), Engine.REQUIRED_URING);
    }

    /** Moves data for a while, and counts but at the start. */
    Run run() throws IOException {
        begin(Long.MAX_VALUE);
        turnFor(Traffic.millis(Traffic.RAMP_MILLIS));
        Run.Clock clock = new Run.Clock(() -> ended, flushes);
        turnFor(Traffic.millis(Traffic.MILLIS));
        Run run = clock.stop();
        last = next;
        drain();
        return run;
    }

    /** Writes for a while, and counts until all of that is on the medium. */
    Run runForced() throws IOException {
        begin(Long.MAX_VALUE);
        turnFor(Traffic.millis(Traffic.RAMP_MILLIS));
        force();
        Run.Clock clock = new Run.Clock(() -> ended, flushes);
        begin(Long.MAX_VALUE);
        turnFor(Traffic.millis(Traffic.MILLIS));
        force();
        return clock.stop();
    }

    /** Goes through all of the target once, and counts from the first request to the last. */
    Run pass() throws IOException {
        Run.Clock clock = new Run.Clock(() -> ended, flushes);
        begin(next + BenchFile.SIZE / traffic.size());
        drain();
        return clock.stop();
    }

    private void begin(long end) throws IOException {
        last = end;
        for (int i = 0; i < buffers.length; i++) {
            ask(i);
        }
    }

    /** Nothing is asked for any more but what completions ask for. */
    private void drain() throws IOException {
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

    private void ask(int buffer) throws IOException {
        if (next == last) {
            return;
        }
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
        ask(buffer);
    }

    String engineReason() {
        return queue.engine() + ", " + queue.engineReason();
    }

    @Override
    public void close() throws IOException {
        queue.close();
        file.close();
        arena.close();
    }
}
