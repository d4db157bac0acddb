package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.driver.RingThreads;
import io.pinbounce.internal.engine.Hold;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.Background;
import io.pinbounce.testing.DiskTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** How a service begins, ends and breaks. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IoServiceTest extends DiskTest {

    private final Hold hold = new Hold();

    private final HookedEngine held = new HookedEngine(disk, hold);

    IoServiceTest() {
        super(1 << 16, 1 << 14);
    }

    private DirectFile open(IoService service) throws IOException {
        return DirectFile.open(PATH, options().ioService(service), held);
    }

    private static MemorySegment heap(int length) {
        return MemorySegment.ofArray(new byte[length]);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return Objects.requireNonNull(
                assertThrows(ExecutionException.class, () -> future.get(5, TimeUnit.MINUTES))
                        .getCause());
    }

    /** The write goes through the pool in four parts, of which one is under way. */
    @Test
    void closingWaitsForWholeRequests() throws Exception {
        IoService service = OnEngine.service(held);
        try (DirectFile file = open(service)) {
            hold.close();
            CompletableFuture<?> write = file.writeAsync(heap(1 << 16), 0);
            hold.awaitArrival();
            Background<Void> closing =
                    Background.call(
                            () -> {
                                service.close();
                                return null;
                            });
            closing.awaitWaitingIn("awaitEmpty");
            assertInstanceOf(ClosedChannelException.class, failure(file.forceAsync()));
            hold.open();
            write.get(5, TimeUnit.MINUTES);
            closing.result();
            assertEquals(1 << 16, file.size());
        }
    }

    @Test
    void nothingIsTakenAfterTheEnd() throws Exception {
        IoService service = OnEngine.service(held);
        service.close();
        service.close();
        try (DirectFile file = open(service)) {
            assertInstanceOf(ClosedChannelException.class, failure(file.writeAsync(heap(512), 0)));
            assertInstanceOf(ClosedChannelException.class, failure(file.forceAsync()));
            file.write(heap(512), 0); // a thread that can wait by itself needs no service
        }
    }

    @Test
    void closingWaitsForTheEndOfTheThreads() throws IOException {
        IoService service = IoService.open(3, 4, Engine.SYSCALL);
        long before = ringThreads();
        service.close();
        assertEquals(before - 3, ringThreads());
    }

    private static long ringThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pinbounce-ring-"))
                .count();
    }

    @Test
    void aServiceOfAnotherEngineIsRefused() {
        try (IoService service = OnEngine.service(disk)) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> open(service));
            assertSays(e, "another engine");
        }
    }

    @Test
    void theSharedServiceNeverEnds() throws Exception {
        IoService.shared().close();
        assertSame(IoService.shared().threads(), RingThreads.running());
        assertFalse(IoService.shared().engineReason().isEmpty());
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        for (int[] wrong : new int[][] {{0, 1}, {17, 1}, {1, 0}, {1, 4097}}) {
            Exception e =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> IoService.open(wrong[0], wrong[1], Engine.AUTO));
            assertSays(e, "threads=" + wrong[0] + " depth=" + wrong[1]);
        }
    }

    /** A ring that throws ends all requests on it, so that no caller waits forever. */
    @ParameterizedTest
    @ValueSource(strings = {"rings", "threads"})
    void aBrokenRingFailsItsRequests(String kind) throws Exception {
        AtomicBoolean breaks = new AtomicBoolean(true);
        disk.fault(
                submission -> {
                    if (breaks.getAndSet(false)) {
                        throw new IllegalArgumentException("meant to be");
                    }
                    return SimulatedEngine.Outcome.NORMAL;
                });
        var engine = kind.equals("rings") ? disk : held;
        IoService service = OnEngine.service(engine);
        try (DirectFile file = DirectFile.open(PATH, options().ioService(service), engine)) {
            List<CompletableFuture<?>> writes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                writes.add(file.writeAsync(heap(512), i * 512L));
            }
            int failed = 0;
            for (CompletableFuture<?> write : writes) {
                failed += write.handle((_, e) -> e == null ? 0 : 1).get(5, TimeUnit.MINUTES);
            }
            assertTrue(failed > 0);
            DirectIoException e =
                    assertInstanceOf(
                            DirectIoException.class, failure(file.writeAsync(heap(512), 0)));
            assertEquals(Errno.EIO, e.errno());
        }
        service.close();
    }
}
