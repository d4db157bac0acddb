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

/** One thread keeps a {@link DirectQueue} full, all of whose memory is of one arena. */
final class QueueTraffic implements AutoCloseable, CompletionHandler {

    private final Traffic traffic;

    private final PinnedArena arena = PinnedArena.ofShared();

    private final DirectFile file;

    private final DirectQueue queue;

    private final MemorySegment[] buffers;

    private long next;

    private long ended;

    private long last;

    QueueTraffic(BenchFile target, Transfer transfer, Traffic traffic) throws IOException {
        this.traffic = traffic;
        MemorySegment all = arena.allocate((long) traffic.depth() * traffic.size());
        all.fill((byte) 0x5A);
        buffers = new MemorySegment[traffic.depth()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = all.asSlice((long) i * traffic.size(), traffic.size());
        }
        file = target.open(transfer);
        queue = DirectQueue.open(traffic.depth(), Engine.REQUIRED_URING);
    }

    /** Moves data for a while, and counts but at the start. */
    Run run() throws IOException {
        last = Long.MAX_VALUE;
        for (int i = 0; i < buffers.length; i++) {
            ask(i);
        }
        turnFor(Traffic.millis(Traffic.RAMP_MILLIS));
        Run.Clock clock = new Run.Clock(() -> ended);
        turnFor(Traffic.millis(Traffic.MILLIS));
        Run run = clock.stop();
        last = next;
        queue.await(buffers.length, this);
        return run;
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
        long position = traffic.position(next);
        next++;
        switch (traffic.direction()) {
            case READ -> queue.read(file, buffers[buffer], position, buffer);
            case WRITE -> queue.write(file, buffers[buffer], position, buffer);
        }
    }

    @Override
    public void completed(Completion completion) throws IOException {
        if (completion.bytes() != traffic.size()) {
            throw new IOException("a request came out short, bytes=" + completion.bytes());
        }
        ended++;
        ask((int) completion.token());
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
