package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.testing.Background;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What {@link IoRing} promises, for all rings. */
class RingContractTest extends RingTests {

    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(30);

    static Stream<RingKind> kinds() {
        return RingKind.all();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 4096})
    void aFullRingReportsEachResultForItsSlotAgainAndAgain(int depth) {
        MemorySegment memory = memory((long) depth * BLOCK, 0);
        try (IoRing ring = kind.open(engine, depth)) {
            assertEquals(depth, ring.depth());
            for (int round = 1; round <= 3; round++) {
                for (int slot = 0; slot < depth; slot++) {
                    MemorySegment block = block(memory, slot).fill((byte) (slot + round));
                    prep(ring, slot, Op.WRITE, file, (long) slot * BLOCK, block);
                }
                assertAllMoved(depth, await(ring, depth));
                memory.fill((byte) 0);
                for (int slot = 0; slot < depth; slot++) {
                    prep(ring, slot, Op.READ, file, (long) slot * BLOCK, block(memory, slot));
                }
                assertAllMoved(depth, await(ring, depth));
                for (int slot = 0; slot < depth; slot++) {
                    assertFilled(slot + round, block(memory, slot));
                }
            }
        }
    }

    private static MemorySegment block(MemorySegment memory, int slot) {
        return memory.asSlice((long) slot * BLOCK, BLOCK);
    }

    private static void assertAllMoved(int depth, Map<Integer, Result> results) {
        assertEquals(depth, results.size());
        results.forEach((slot, result) -> assertEquals(new Result(BLOCK, 0), result, "" + slot));
    }

    @Test
    void oneSubmissionDescribesManyTransfers() {
        try (IoRing ring = kind.open(engine, 4)) {
            for (int slot = 0; slot < 4; slot++) {
                prep(ring, slot, Op.WRITE, file, (long) slot * BLOCK, memory(BLOCK, slot + 1));
            }
            submission.prep(
                    Op.FORCE, NO_FILE, 0); // changes no prepared transfer, not even the last
            await(ring, 4);
        }
        for (int slot = 0; slot < 4; slot++) {
            assertFilled(slot + 1, content((long) slot * BLOCK, BLOCK));
        }
    }

    @Test
    void nothingIsSentBeforeEnter() throws InterruptedException {
        try (IoRing ring = kind.open(engine, 2)) {
            prep(ring, 0, Op.WRITE, file, 0, memory(BLOCK, 1));
            TimeUnit.NANOSECONDS.sleep(SHORT);
            assertEquals(0, drained(ring));
            assertEquals(0, engine.size(file.number()));
            await(ring, 1);
            assertEquals(BLOCK, engine.size(file.number()));
        }
    }

    @Test
    void aShortTransferReportsTheBytesThatItMoved() {
        try (IoRing ring = kind.open(engine, 3)) {
            prep(ring, 0, Op.WRITE, file, 0, memory(3 * BLOCK, 7));
            assertEquals(new Result(3 * BLOCK, 0), await(ring, 1).get(0));
            MemorySegment memory = memory(8 * BLOCK, 0);
            prep(ring, 0, Op.READ, file, BLOCK, memory);
            prep(ring, 1, Op.READ, file, 3 * BLOCK, memory(BLOCK, 0));
            prep(ring, 2, Op.READ, file, 99 * BLOCK, memory(BLOCK, 0));
            Map<Integer, Result> results = await(ring, 3);
            assertEquals(new Result(2 * BLOCK, 0), results.get(0));
            assertEquals(new Result(0, 0), results.get(1));
            assertEquals(new Result(0, 0), results.get(2));
            assertFilled(7, memory.asSlice(0, 2 * BLOCK));
            assertFilled(0, memory.asSlice(2 * BLOCK));
        }
    }

    @Test
    void anErrorIsReportedForItsTransferAlone() {
        try (IoRing ring = kind.open(engine, 4)) {
            prep(ring, 0, Op.WRITE, file, 0, memory(BLOCK, 1));
            prep(ring, 1, Op.WRITE, NO_FILE, 0, memory(BLOCK, 2));
            prep(ring, 2, Op.WRITE_FORCE, NO_FILE, 0, memory(BLOCK, 3));
            prep(ring, 3, Op.WRITE, file, BLOCK, memory(BLOCK, 4));
            Map<Integer, Result> results = await(ring, 4);
            assertEquals(new Result(BLOCK, 0), results.get(0));
            assertEquals(new Result(-EBADF, 0), results.get(1));
            assertEquals(new Result(-EBADF, -Errno.ECANCELED), results.get(2));
            assertEquals(new Result(BLOCK, 0), results.get(3));
        }
        assertFilled(1, content(0, BLOCK));
        assertFilled(4, content(BLOCK, BLOCK));
    }

    @Test
    void aForceIsMadeAloneOrAfterItsWrite() {
        try (IoRing ring = kind.open(engine, 2)) {
            prep(ring, 1, Op.WRITE_FORCE, file, 0, memory(BLOCK, 5));
            assertEquals(Map.of(1, new Result(BLOCK, 0)), await(ring, 1));
            submission.prep(Op.FORCE, file, 0);
            ring.prep(1, submission);
            assertEquals(Map.of(1, new Result(0, 0)), await(ring, 1));
        }
        assertFilled(5, content(0, BLOCK));
    }

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            names = {"WRITE", "WRITE_FORCE"})
    void aVectorIsOneTransfer(Op write) {
        MemorySegment memory = memory(2L * LibC.MAX_VECTOR * BLOCK, 0);
        try (IoRing ring = kind.open(engine, 1)) {
            vector(write, memory); // every other block
            for (int i = 0; i < submission.count(); i++) {
                submission.piece(i).fill((byte) (i + 1));
            }
            ring.prep(0, submission);
            Result all = new Result((long) LibC.MAX_VECTOR * BLOCK, 0);
            assertEquals(Map.of(0, all), await(ring, 1));
            for (int i = 0; i < LibC.MAX_VECTOR; i++) {
                assertFilled(i + 1, content((long) i * BLOCK, BLOCK));
            }
            memory.fill((byte) 99);
            vector(Op.READ, memory);
            ring.prep(0, submission);
            assertEquals(Map.of(0, all), await(ring, 1));
            for (int i = 0; i < LibC.MAX_VECTOR; i++) {
                assertFilled(i + 1, block(memory, 2 * i));
                assertFilled(99, block(memory, 2 * i + 1));
            }
        }
    }

    private void vector(Op op, MemorySegment memory) {
        submission.prep(op, file, 0);
        while (!submission.isFull()) {
            submission.add(memory, 2L * submission.count() * BLOCK, BLOCK);
        }
    }

    @Test
    void transfersThatAreDoneAlreadyCountForAWait() {
        try (IoRing ring = kind.open(engine, 2)) {
            prep(ring, 0, Op.WRITE, file, 0, memory(BLOCK, 1));
            assertEquals(0, ring.enter(1, PATIENCE));
            assertEquals(0, ring.enter(1, PATIENCE));
            prep(ring, 1, Op.WRITE, file, 0, memory(BLOCK, 1));
            assertEquals(2, await(ring, 2).size());
            assertEquals(0, drained(ring));
        }
    }

    @Test
    void aWaitEndsWhenTimeIsUp() {
        try (IoRing ring = kind.open(engine, 1)) {
            long start = System.nanoTime();
            assertEquals(0, ring.enter(1, SHORT));
            assertTrue(System.nanoTime() - start >= SHORT);
            assertEquals(0, ring.enter(1, 0));
            assertEquals(0, ring.enter(0, Long.MAX_VALUE));
            assertEquals(0, drained(ring));
        }
    }

    @Test
    void aWakeEndsTheNextWaitAndNoOther() throws Exception {
        Background<Long> owner =
                Background.call(
                        () -> {
                            try (IoRing ring = kind.open(engine, 1)) {
                                Background.call(Executors.callable(ring::wake)).result();
                                assertEquals(
                                        0,
                                        ring.enter(0, Long.MAX_VALUE)); // there is no wait to end
                                assertEquals(0, ring.enter(1, Long.MAX_VALUE));
                                long start = System.nanoTime();
                                assertEquals(0, ring.enter(1, SHORT));
                                return System.nanoTime() - start;
                            }
                        });
        assertTrue(owner.result() >= SHORT);
    }

    @Test
    void aWakeEndsAWait() throws Exception {
        BlockingQueue<IoRing> rings = new LinkedBlockingQueue<>();
        Background<Integer> owner =
                Background.call(
                        () -> {
                            try (IoRing ring = kind.open(engine, 1)) {
                                rings.add(ring);
                                return ring.enter(1, Long.MAX_VALUE);
                            }
                        });
        IoRing ring = rings.take();
        TimeUnit.NANOSECONDS.sleep(SHORT);
        assertFalse(owner.isDone());
        ring.wake();
        assertEquals(0, owner.result());
    }

    @Test
    void anInterruptDoesNotEndAWaitAndIsKept() throws Exception {
        Background<Long> owner =
                Background.call(
                        () -> {
                            try (IoRing ring = kind.open(engine, 1)) {
                                Thread.currentThread().interrupt();
                                long start = System.nanoTime();
                                assertEquals(0, ring.enter(1, SHORT));
                                long waited = System.nanoTime() - start;
                                assertTrue(Thread.currentThread().isInterrupted());
                                return waited;
                            }
                        });
        assertTrue(owner.result() >= SHORT);
    }

    @Test
    void closeWaitsForTransfersInFlight() {
        int depth = 64;
        MemorySegment memory = memory((long) depth * BLOCK, 6);
        IoRing ring = kind.open(engine, depth);
        for (int slot = 0; slot < depth; slot++) {
            prep(ring, slot, Op.WRITE, file, (long) slot * BLOCK, block(memory, slot));
        }
        ring.enter(0, 0);
        ring.close();
        memory.fill((byte) 0); // the ring does not read it any more
        assertFilled(6, content(0, (long) depth * BLOCK));
    }

    @Test
    void otherThreadsCannotCloseARingWhileItsOwnerLives() throws Exception {
        try (IoRing ring = kind.open(engine, 1)) {
            Throwable refusal = Background.call(Executors.callable(ring::close)).failure();
            assertInstanceOf(IllegalStateException.class, refusal);
            prep(ring, 0, Op.WRITE, file, 0, memory(BLOCK, 1));
            assertEquals(Map.of(0, new Result(BLOCK, 0)), await(ring, 1));
        }
    }

    @Test
    void anyThreadCanCloseARingThatItsLivingOwnerHasLost() throws Exception {
        try (PinnedArena shared = PinnedArena.ofShared()) {
            MemorySegment memory = shared.allocate(BLOCK).fill((byte) 8);
            IoRing ring = kind.open(engine, 2);
            ring.enter(1, 1); // leaves a timeout in the ring
            prep(ring, 0, Op.WRITE, file, 0, memory);
            ring.enter(1, PATIENCE);
            prep(ring, 1, Op.READ, file, 0, memory);
            ring.enter(0, 0);
            Background.call(Executors.callable(ring::closeForOwner)).result();
        }
        assertFilled(8, content(0, BLOCK));
    }

    @Test
    void anyThreadCanCloseARingWhoseOwnerHasDied() throws Exception {
        try (PinnedArena shared = PinnedArena.ofShared()) {
            MemorySegment memory = shared.allocate(BLOCK).fill((byte) 8);
            Background<IoRing> owner =
                    Background.call(
                            () -> {
                                IoRing ring = kind.open(engine, 2);
                                prep(ring, 0, Op.WRITE, file, 0, memory);
                                ring.enter(1, PATIENCE);
                                prep(ring, 1, Op.READ, file, 0, memory);
                                ring.enter(0, 0);
                                return ring;
                            });
            owner.result().close();
        }
        assertFilled(8, content(0, BLOCK));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 500})
    void transfersAreNeitherLostNorMixedUp(int depth) {
        try (IoRing ring = kind.open(engine, depth)) {
            new RingTraffic(ring, file, arena, new Random(Seed.value() + depth)).run(4000);
        }
    }
}
