package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.Engine;
import io.pinbounce.IoService;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;
import io.pinbounce.internal.uring.UringEngine;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Far more callers than a service has places: each gets its own data, and all come to an end. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyVirtualThreadsTest extends ContractTest {

    private static final int THREADS = 10_000;

    private static final int BLOCK = 4096;

    private static final int BLOCKS = 1000;

    private static final int DEPTH = 64;

    static Stream<Place> places() {
        return Stream.of(
                new Place.RealFolder(
                        "target by io_uring", Path.of("target"), UringEngine.system()));
    }

    @ParameterizedTest
    @EnumSource
    void allReadTheirOwnBlocks(Transfer transfer) throws Exception {
        MemorySegment data = pinned(bytes(1, BLOCKS * BLOCK));
        MemorySegment back = arena.allocate((long) THREADS * BLOCK);
        try (IoService service = OnEngine.service(1, DEPTH, Engine.AUTO, place.engine());
                DirectFile file =
                        open(
                                place.newPath(),
                                options().create().transfer(transfer).ioService(service));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            file.write(data, 0);
            List<Future<Long>> calls = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                MemorySegment memory = back.asSlice((long) i * BLOCK, BLOCK);
                long position = positionOf(i);
                calls.add(callers.submit(() -> file.read(memory, position)));
            }
            for (Future<Long> call : calls) {
                assertEquals(BLOCK, call.get());
            }
        }
        for (int i = 0; i < THREADS; i++) {
            MemorySegment expected = data.asSlice(positionOf(i), BLOCK);
            MemorySegment memory = back.asSlice((long) i * BLOCK, BLOCK);
            assertEquals(-1, memory.mismatch(expected), "thread=" + i);
        }
    }

    private static long positionOf(int thread) {
        return (long) (thread * 7 % BLOCKS) * BLOCK;
    }
}
