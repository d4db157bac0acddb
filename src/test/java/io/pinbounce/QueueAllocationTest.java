package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.crc.Allocation;
import io.pinbounce.internal.driver.IdleRing;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.SimulatedEngine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** What a request costs on the heap of the thread that makes it, above the ring: nothing. */
class QueueAllocationTest {

    /** Large enough for native code to copy it. */
    private static final int BLOCK = 64 << 10;

    private static final int DEPTH = 4;

    private final HookedEngine engine =
            new HookedEngine(new SimulatedEngine(512, BLOCK), _ -> {}) {
                @Override
                public IoRing openRing(int depth) {
                    return new IdleRing(depth);
                }
            };

    private long bytes;

    @SuppressWarnings("UnusedVariable") // written, so that what it holds is really made
    private long[] garbage = {};

    private final CompletionHandler adding = done -> bytes += done.bytes();

    private void writeAndRead(DirectQueue queue, DirectFile file, MemorySegment memory) {
        try {
            queue.write(file, memory, 0, 1);
            queue.write(file, memory, BLOCK, 2);
            queue.read(file, memory, 2 * BLOCK, 3);
            queue.force(file, 4);
            queue.await(4, adding);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of heap for two writes, a read and a force. */
    private long measure(Transfer transfer, Protection protection, Runnable extra)
            throws IOException {
        try (BouncePool pool = new BouncePool(1 << 20, 1 << 18);
                PinnedArena arena = PinnedArena.ofConfined();
                DirectFile file =
                        DirectFile.open(
                                Path.of("/disk/file"),
                                DirectOptions.readWrite()
                                        .create()
                                        .bouncePool(pool)
                                        .protection(protection)
                                        .transfer(transfer),
                                engine);
                DirectQueue queue = DirectQueue.open(DEPTH, Engine.AUTO, engine)) {
            MemorySegment memory = arena.allocate(BLOCK);
            file.truncate(4 * BLOCK);
            Runnable run =
                    () -> {
                        writeAndRead(queue, file, memory);
                        extra.run();
                    };
            for (int i = 0; i < 20_000; i++) {
                run.run();
            }
            bytes = 0;
            long perRun = Allocation.perRun(run);
            assertTrue(bytes > 0 && bytes % (3 * BLOCK) == 0, "bytes=" + bytes);
            return perRun;
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsAllocateNothing(Transfer transfer) throws IOException {
        assertEquals(0, measure(transfer, Protection.none(), () -> {}));
    }

    @ParameterizedTest
    @EnumSource
    void guardedRequestsAllocateNothing(Transfer transfer) throws IOException {
        assertEquals(0, measure(transfer, Protection.t10(4096).memory(), () -> {}));
    }

    @Test
    void oneObjectIsSeen() throws IOException {
        assertTrue(measure(Transfer.PIN, Protection.none(), () -> garbage = new long[1]) >= 16);
    }
}
