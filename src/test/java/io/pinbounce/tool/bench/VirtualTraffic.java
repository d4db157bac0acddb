package io.pinbounce.tool.bench;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.Engine;
import io.pinbounce.IoService;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Many virtual threads, each with a block of its own, read with plain blocking calls. */
final class VirtualTraffic implements AutoCloseable {

    private final Traffic traffic;

    private final int threads;

    private final PinnedArena arena = PinnedArena.ofShared();

    private final MemorySegment memory;

    private final IoService service;

    private final DirectFile file;

    private final AtomicLong next = new AtomicLong();

    private final LongAdder ended = new LongAdder();

    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    private volatile boolean stopping;

    VirtualTraffic(BenchFile target, Traffic traffic, int threads) throws IOException {
        this.traffic = traffic;
        this.threads = threads;
        memory = arena.allocate((long) threads * traffic.size()).fill((byte) 0x5A);
        service = IoService.open(1, traffic.depth(), Engine.REQUIRED_URING);
        file =
                DirectFile.open(
                        target.path(),
                        DirectOptions.readOnly().transfer(Transfer.PIN).ioService(service));
    }

    /** Reads for a window of time, and counts all but its ramp. */
    Measurement run() throws IOException, InterruptedException {
        stopping = false;
        List<Thread> readers = new ArrayList<>(threads);
        for (int i = 0; i < threads; i++) {
            MemorySegment block = memory.asSlice((long) i * traffic.size(), traffic.size());
            readers.add(Thread.startVirtualThread(() -> readOn(block)));
        }
        TimeUnit.NANOSECONDS.sleep(Window.USUAL.rampNanos());
        Measurement.Clock clock = new Measurement.Clock(ended::sum);
        TimeUnit.NANOSECONDS.sleep(Window.USUAL.nanos());
        Measurement measured = clock.stop();
        stopping = true;
        for (Thread reader : readers) {
            reader.join();
        }
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return measured;
    }

    private void readOn(MemorySegment block) {
        try {
            while (!stopping) {
                file.read(block, traffic.position(next.getAndIncrement()));
                ended.increment();
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        service.close();
        arena.close();
    }
}
