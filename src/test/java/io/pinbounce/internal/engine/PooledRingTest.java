package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What holds for {@link PooledRing} alone: its threads, and the exceptions of transfers. */
class PooledRingTest {

    private static final FileHandle FILE = new FileHandle(7);

    private static final String THREAD = "pinbounce-io-";

    /** Permits that transfers of a gated engine wait for. */
    private final Semaphore gate = new Semaphore(0);

    private final AtomicInteger arrived = new AtomicInteger();

    private final Submission submission = new Submission();

    @AfterEach
    void allThreadsHaveEnded() {
        assertEquals(Set.of(), threads());
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(THREAD))
                .collect(Collectors.toSet());
    }

    /** An engine whose transfers the test implements; it does nothing else. */
    private static IoEngine engine(ToLongFunction<Submission> transfer) {
        return (IoEngine)
                Proxy.newProxyInstance(
                        IoEngine.class.getClassLoader(),
                        new Class<?>[] {IoEngine.class},
                        (_, method, arguments) -> {
                            assertEquals("transfer", method.getName());
                            return transfer.applyAsLong((Submission) arguments[0]);
                        });
    }

    private IoEngine gated() {
        return engine(
                _ -> {
                    arrived.incrementAndGet();
                    gate.acquireUninterruptibly();
                    return 0;
                });
    }

    private void prepForces(IoRing ring, int count) {
        for (int slot = 0; slot < count; slot++) {
            submission.prep(Op.FORCE, FILE, slot);
            ring.prep(slot, submission);
        }
    }

    private void awaitArrivals(int count) throws InterruptedException {
        long end = System.nanoTime() + RingTests.PATIENCE;
        while (arrived.get() < count) {
            assertTrue(System.nanoTime() - end < 0, "arrived=" + arrived);
            Thread.sleep(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "100, 3, 3", "5, 5, 5", "100, 40, 16"})
    void asManyThreadsStartAsThereAreTransfersUpToALimit(int depth, int sent, int threads)
            throws Exception {
        try (IoRing ring = new PooledRing(gated(), depth)) {
            prepForces(ring, sent);
            assertEquals(Set.of(), threads());
            ring.enter(0, 0);
            awaitArrivals(threads);
            assertEquals(threads, threads().size(), threads().toString());
            assertTrue(threads().contains(THREAD + 0), threads().toString());
            gate.release(sent);
            assertEquals(sent, RingTests.await(ring, sent).size());
            assertEquals(sent, arrived.get());
        }
    }

    @Test
    void threadsAreUsedAgain() {
        gate.release(50);
        try (IoRing ring = new PooledRing(gated(), 50)) {
            for (int i = 0; i < 50; i++) {
                prepForces(ring, 1);
                assertEquals(1, RingTests.await(ring, 1).size());
            }
            assertEquals(Set.of(THREAD + 0), threads());
        }
    }

    @Test
    void closeWaitsForTransfersThatWereSentAndDropsTheRest() throws Exception {
        Background<Void> owner = Background.call(() -> closeWithWork(20));
        awaitArrivals(16);
        owner.awaitWaitingIn("close");
        owner.interrupt();
        owner.awaitWaitingIn("close");
        gate.release(100);
        owner.result();
        assertEquals(20, arrived.get());
    }

    private Void closeWithWork(int sent) {
        IoRing ring = new PooledRing(gated(), 32);
        prepForces(ring, sent);
        ring.enter(0, 0);
        submission.prep(Op.FORCE, FILE, 0);
        ring.prep(sent, submission);
        ring.close();
        ring.close();
        return null;
    }

    @Test
    void aThreadThatClosesTheRingOfADeadOwnerWaitsForItsTransfers() throws Exception {
        Background<IoRing> owner =
                Background.call(
                        () -> {
                            IoRing ring = new PooledRing(gated(), 4);
                            prepForces(ring, 3);
                            ring.enter(0, 0);
                            return ring;
                        });
        IoRing ring = owner.result();
        awaitArrivals(3);
        Background<?> closer =
                Background.call(Executors.callable(ring::close)).awaitWaitingIn("close");
        gate.release(3);
        closer.result();
    }

    @Test
    void anExceptionOfATransferIsThrownToTheOwner() {
        Error thrown = new StackOverflowError("of a worker");
        IoEngine engine =
                engine(
                        submission -> {
                            if (submission.position() == 1) {
                                throw thrown;
                            }
                            return 0;
                        });
        try (IoRing ring = new PooledRing(engine, 3)) {
            prepForces(ring, 2);
            IllegalStateException first =
                    assertThrows(
                            IllegalStateException.class,
                            () -> ring.enter(2, Long.MAX_VALUE)); // only one transfer can be done
            assertSame(thrown, first.getCause());
            assertTrue(first.toString().endsWith("op=FORCE position=1 length=0 slot=1"));
            IllegalStateException again =
                    assertThrows(IllegalStateException.class, () -> ring.enter(0, 0));
            assertSame(thrown, again.getCause());
            Completions done = new Completions(3);
            drainUntilItThrows(ring, done, thrown);
            assertEquals(1, done.count(), "what is done comes nevertheless");
            assertEquals(0, done.slot(0));
        }
    }

    private static void drainUntilItThrows(IoRing ring, Completions done, Throwable thrown) {
        IllegalStateException end =
                assertThrows(
                        IllegalStateException.class,
                        () -> {
                            while (true) {
                                ring.drain(done);
                            }
                        });
        assertSame(thrown, end.getCause());
    }

    /** Foreign memory is not pinned, so its owner could free it during the transfer. */
    @Test
    void foreignConfinedMemoryIsRefused() {
        try (Arena arena = Arena.ofConfined();
                IoRing ring = new PooledRing(IoEngine.blocking(), 1)) {
            MemorySegment memory = arena.allocate(512);
            submission.prep(Op.READ, RingTests.NO_FILE, 0);
            submission.add(memory);
            ring.prep(0, submission);
            IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> ring.enter(1, Long.MAX_VALUE));
            assertInstanceOf(WrongThreadException.class, refusal.getCause());
        }
    }

    @Test
    void onlyTheOwnerMayUseTheRing() throws Exception {
        try (IoRing ring = new PooledRing(gated(), 1)) {
            submission.prep(Op.FORCE, FILE, 0);
            for (Consumer<IoRing> use : uses()) {
                Throwable refusal =
                        Background.call(Executors.callable(() -> use.accept(ring))).failure();
                assertInstanceOf(IllegalStateException.class, refusal);
                assertTrue(refusal.toString().contains("caller=background"), refusal.toString());
            }
            assertEquals(0, arrived.get());
        }
    }

    private List<Consumer<IoRing>> uses() {
        return List.of(
                ring -> ring.prep(0, submission),
                ring -> ring.enter(0, 0),
                ring -> ring.drain(new Completions(1)));
    }

    @Test
    void aSlotHoldsOneTransferUntilItIsDrained() {
        gate.release(2);
        try (IoRing ring = new PooledRing(gated(), 2)) {
            prepForces(ring, 1);
            assertThrows(IllegalStateException.class, () -> prepForces(ring, 1));
            ring.enter(1, RingTests.PATIENCE);
            assertThrows(IllegalStateException.class, () -> prepForces(ring, 1));
            assertEquals(1, RingTests.drained(ring));
            prepForces(ring, 1);
            assertEquals(1, RingTests.await(ring, 1).size());
        }
    }

    @Test
    void aClosedRingRefusesAllCalls() {
        IoRing ring = new PooledRing(gated(), 1);
        ring.close();
        assertFalse(threads().contains(THREAD + 0));
        assertThrows(IllegalStateException.class, () -> ring.enter(0, 0));
        assertThrows(IllegalStateException.class, () -> ring.drain(new Completions(1)));
        ring.wake();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 4097})
    void aDepthOutOfRangeIsRefused(int depth) {
        String refusal =
                assertThrows(IllegalArgumentException.class, () -> new PooledRing(gated(), depth))
                        .toString();
        assertTrue(refusal.endsWith("depth=" + depth), refusal);
    }
}
