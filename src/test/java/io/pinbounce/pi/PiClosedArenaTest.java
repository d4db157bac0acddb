package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * An arena is closed while its memory is in use: the operation ends with an exception, or the close
 * is refused while native code uses the memory. The process must survive.
 */
class PiClosedArenaTest {

    private static final int ROUNDS = 30;

    private static final PiContext T10 = PiContext.t10(4096);

    private static final long DEADLINE = Duration.ofMinutes(5).toNanos();

    /** Runs every operation with memory of one arena. */
    private static void work(MemorySegment data, MemorySegment copy, MemorySegment metadata) {
        PiBlocks blocks = PiBlocks.separate(List.of(data), List.of(metadata));
        PiBlocks target = PiBlocks.dataOnly(copy);
        Pi.generate(T10, data, metadata, 0);
        Pi.generateCopy(T10, data, copy, metadata, 0);
        Pi.verify(T10, data, metadata, 0);
        Pi.generate(T10, blocks, 0);
        Pi.verifyCopy(T10, blocks, target, 0);
        Pi.remap(T10, blocks, 0, 7, RemapCheck.TRUST);
    }

    /** Small requests are critical calls, large ones are not. */
    @ParameterizedTest
    @ValueSource(ints = {4096, 1 << 20})
    @SuppressWarnings("MustBeClosedChecker") // the test closes it while it is used
    void closingAnArenaDuringWorkEndsTheWorkWithAnExceptionOrIsRefused(int size) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Arena arena = Arena.ofShared();
            MemorySegment data = arena.allocate(size);
            MemorySegment copy = arena.allocate(size);
            MemorySegment metadata = arena.allocate(size / 4096 * 8L);
            CountDownLatch started = new CountDownLatch(1);
            FutureTask<Void> worker =
                    new FutureTask<>(
                            () -> {
                                for (; ; started.countDown()) {
                                    work(data, copy, metadata);
                                }
                            });
            Thread.ofPlatform().start(worker);
            started.await();
            Thread.sleep(0, 100_000 * round % 999_999);
            close(arena);
            ExecutionException end =
                    assertThrows(ExecutionException.class, () -> worker.get(5, TimeUnit.MINUTES));
            assertInstanceOf(IllegalStateException.class, end.getCause());
            assertFalse(data.scope().isAlive());
        }
    }

    /** Tries to close until no native call uses the memory. */
    private static void close(Arena arena) {
        long deadline = System.nanoTime() + DEADLINE;
        while (true) {
            try {
                arena.close();
                return;
            } catch (IllegalStateException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }
}
