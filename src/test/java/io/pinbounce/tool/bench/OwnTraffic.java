package io.pinbounce.tool.bench;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/** A {@link QueueTraffic} with a file, a queue on io_uring, and an arena of its own. */
final class OwnTraffic implements AutoCloseable {

    private final PinnedArena arena = PinnedArena.ofShared();

    private final DirectFile file;

    private final DirectQueue queue;

    private final QueueTraffic traffic;

    OwnTraffic(BenchFile target, Transfer transfer, Traffic traffic) throws IOException {
        this(target, transfer, traffic, () -> 0);
    }

    /**
     * Traffic beside which flushes are counted.
     *
     * @param flushes how many flushes there were by now
     */
    OwnTraffic(BenchFile target, Transfer transfer, Traffic traffic, LongSupplier flushes)
            throws IOException {
        MemorySegment memory = arena.allocate((long) traffic.depth() * traffic.size());
        if (traffic.direction() == Direction.WRITE) {
            memory.fill((byte) 0x5A);
        }
        file = target.open(transfer);
        queue = DirectQueue.open(traffic.depth(), Engine.REQUIRED_URING);
        this.traffic =
                new QueueTraffic(
                        file, queue, traffic, memory, new QueueTraffic.Observer(flushes, _ -> {}));
    }

    Measurement run() throws IOException {
        return traffic.run(Window.USUAL);
    }

    Measurement runForced() throws IOException {
        return traffic.runForced(Window.USUAL);
    }

    Measurement pass() throws IOException {
        return traffic.pass();
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
