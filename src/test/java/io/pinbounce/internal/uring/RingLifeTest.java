package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Faults;
import io.pinbounce.internal.linux.FaultyUring;
import io.pinbounce.testing.Background;
import io.pinbounce.testing.ProcessMemory;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Waking a ring, closing it, and the death of its owner. */
class RingLifeTest {

    private static final int BLOCK = 4096;

    private static final long LONG = TimeUnit.MINUTES.toNanos(10);

    private static final int EMFILE = 24;

    /** A ring, its file and memory, made by another thread than the test's. */
    private static final class Owned {

        private final AtomicReference<RingFixture> ring = new AtomicReference<>();

        private final CountDownLatch ready = new CountDownLatch(1);

        RingFixture await() throws InterruptedException {
            assertTrue(ready.await(5, TimeUnit.MINUTES));
            return ring.get();
        }

        void ready(RingFixture made) {
            ring.set(made);
            ready.countDown();
        }
    }

    @Test
    void aWakeEndsTheNextWaitAndNoOther() throws Exception {
        try (RingFixture ring = RingFixture.open(8)) {
            ring.ring().wake();
            assertTrue(millisOf(ring, 1, LONG) < 300_000);
            assertTrue(millisOf(ring, 1, TimeUnit.MILLISECONDS.toNanos(100)) >= 100);
        }
    }

    private static long millisOf(RingFixture ring, int min, long nanos) {
        long start = System.nanoTime();
        assertEquals(0, ring.ring().enter(min, nanos));
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    void aPollLeavesTheWakeToTheNextWait() throws Exception {
        try (RingFixture ring = RingFixture.open(8)) {
            ring.ring().wake();
            assertEquals(0, ring.poll());
            assertTrue(millisOf(ring, 1, LONG) < 300_000);
        }
    }

    /** Eight reads are awaited: a wake-up must not count as one of them. */
    @Test
    void aWakeEndsAWaitForManyAgainAndAgain() throws Exception {
        Owned owned = new Owned();
        try (Fifo fifo = new Fifo();
                PinnedArena arena = PinnedArena.ofShared()) {
            Background<Integer> owner =
                    Background.call(() -> wakeAgainAndAgain(owned, fifo, arena));
            UringRing ring = owned.await().ring();
            while (!owner.isDone()) {
                Thread.sleep(20);
                ring.wake();
            }
            assertEquals(20, owner.result());
        }
    }

    private static int wakeAgainAndAgain(Owned owned, Fifo fifo, PinnedArena arena)
            throws Exception {
        try (RingFixture ring = RingFixture.open(8)) {
            for (int i = 0; i < 8; i++) {
                ring.prep(i, Submission.Op.READ, fifo.file(), 0, arena.allocate(BLOCK));
            }
            owned.ready(ring);
            int woken = 0;
            while (woken < 20) {
                assertTrue(millisOf(ring, 8, LONG) < 300_000);
                assertEquals(0, ring.drain());
                woken++;
            }
            for (int i = 0; i < 8; i++) { // a byte ends a read; two would end in one of them
                fifo.write(1);
                assertEquals(0, ring.ring().enter(i + 1, LONG));
            }
            return woken;
        }
    }

    @Test
    void manyThreadsWakeAndNoWakeIsLost() throws Exception {
        try (RingFixture ring = RingFixture.open(8)) {
            for (int i = 0; i < 2000; i++) {
                Thread waker = Thread.ofVirtual().start(ring.ring()::wake);
                assertTrue(millisOf(ring, 3, LONG) < 300_000);
                waker.join();
                // This wake-up may have come after the wait that another wake-up ended.
            }
        }
    }

    @Test
    void aWakeAfterCloseDoesNothing() throws Exception {
        Faults faults = new Faults();
        RingFixture ring = RingFixture.open(RingFixture.machine(new FaultyUring(faults)), 8);
        ring.close();
        ring.ring().wake();
        assertEquals(0, faults.calls("raise"));
        assertEquals("UringRing[closed]", ring.ring().toString());
    }

    @Test
    void aWakeMakesNoCallWhileTheOwnerDoesNotWait() throws Exception {
        Faults faults = new Faults();
        try (RingFixture ring = RingFixture.open(RingFixture.machine(new FaultyUring(faults)), 8)) {
            ring.ring().wake();
            assertEquals(0, faults.calls("raise"));
        }
    }

    @Test
    void anotherThreadIsRefusedBeforeAnythingHappens() throws Exception {
        Faults faults = new Faults();
        try (RingFixture ring = RingFixture.open(RingFixture.machine(new FaultyUring(faults)), 8);
                PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(BLOCK);
            int entered = faults.calls("enter");
            assertRefused(() -> ring.prep(0, Submission.Op.READ, 0, memory));
            assertRefused(() -> ring.ring().enter(0, 0));
            assertRefused(() -> ring.ring().drain(new Completions(8)));
            assertRefused(() -> ring.ring().notes());
            Throwable refusal = Background.call(Executors.callable(ring.ring()::close)).failure();
            assertEquals(IllegalStateException.class, refusal.getClass());
            assertEquals(entered, faults.calls("enter"));
            assertEquals(BLOCK, ring.transfer(Submission.Op.READ, 0, memory));
        }
    }

    private static void assertRefused(Runnable call) throws Exception {
        assertEquals(
                WrongThreadException.class,
                Background.call(Executors.callable(call)).failure().getClass());
    }

    @Test
    void aClosedRingRefusesAllButClosing() throws Exception {
        RingFixture ring = RingFixture.open(8);
        ring.close();
        ring.ring().close();
        assertThrows(IllegalStateException.class, () -> ring.ring().enter(0, 0));
        assertThrows(IllegalStateException.class, () -> ring.ring().drain(new Completions(8)));
    }

    @Test
    void closingWaitsForWhatIsInFlight() throws Exception {
        Owned owned = new Owned();
        try (Fifo fifo = new Fifo();
                PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(BLOCK);
            Background<Long> owner =
                    Background.call(
                            () -> {
                                RingFixture ring = RingFixture.open(8);
                                ring.prep(0, Submission.Op.READ, fifo.file(), 0, memory);
                                owned.ready(ring);
                                ring.close();
                                return 0L;
                            });
            owned.await();
            Thread.sleep(200);
            assertFalse(owner.isDone());
            fifo.write(1);
            assertEquals(0L, owner.result());
        }
    }

    @Test
    void transfersOfADeadOwnerAreCancelledBeforeCloseReturns() throws Exception {
        Owned owned = new Owned();
        Faults faults = new Faults();
        KernelRing.Machine machine = RingFixture.machine(new FaultyUring(faults));
        PinnedArena arena = PinnedArena.ofShared();
        MemorySegment memory = arena.allocate(BLOCK);
        try (Fifo fifo = new Fifo()) {
            Background.call(() -> die(owned, machine, fifo, memory)).result();
            RingFixture ring = owned.await();
            arena.close();
            assertTrue(ProcessMemory.isMapped(memory.address(), BLOCK)); // the ring keeps it
            ring.close();
            assertFalse(ProcessMemory.isMapped(memory.address(), BLOCK));
            ring.ring().close(); // closing again does nothing
            assertEquals(1, faults.calls("pipe"));
        }
    }

    private static int die(Owned owned, KernelRing.Machine machine, Fifo fifo, MemorySegment memory)
            throws Exception {
        RingFixture ring = RingFixture.open(machine, 8);
        assertEquals(BLOCK, ring.transfer(Submission.Op.READ, 0, memory)); // the next registers it
        ring.prep(0, Submission.Op.READ, fifo.file(), 0, memory);
        assertEquals(0, ring.ring().enter(0, 0));
        owned.ready(ring);
        return 0;
    }

    /**
     * Reads of a disk cannot be cancelled, so close must wait until they have ended. Every other
     * ring reads its memory twice, so that the second read uses a registration.
     */
    @Test
    void diskTransfersOfADeadOwnerHaveEndedWhenCloseReturns() throws Exception {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            for (int run = 0; run < 5; run++) {
                MemorySegment memory = arena.allocate(RingFixture.SIZE);
                Owned owned = new Owned();
                int before = run % 2;
                Background.call(() -> readAndDie(owned, memory, before)).result();
                owned.await().close();
                memory.fill((byte) 0x77);
                Thread.sleep(20);
                byte[] expected = new byte[RingFixture.SIZE];
                Arrays.fill(expected, (byte) 0x77);
                assertEquals(-1, memory.mismatch(MemorySegment.ofArray(expected)));
            }
        }
    }

    private static int readAndDie(Owned owned, MemorySegment memory, int before) throws Exception {
        RingFixture ring = RingFixture.open(256);
        for (int i = 0; i < before; i++) {
            assertEquals(RingFixture.SIZE, ring.transfer(Submission.Op.READ, 0, memory));
        }
        for (int i = 0; i < 256; i++) {
            long at = (long) i * BLOCK;
            ring.prep(i, Submission.Op.READ, at, memory.asSlice(at, BLOCK));
        }
        assertEquals(0, ring.ring().enter(0, 0));
        owned.ready(ring);
        return 0;
    }

    /** A ring that is still open holds its end of the pipe: the watch can stay silent. */
    @Test
    void canaryTheWatchIsSilentWhileTheRingLives() throws Exception {
        RingFixture.requireUring();
        KernelRing.Machine machine = RingFixture.machine();
        KernelRing ring = RingSetup.open(machine, 8, 16);
        TeardownWatch teardown = new TeardownWatch(machine);
        FileTable.register(ring, 1, teardown.writingEnd());
        teardown.giveToRing();
        assertFalse(teardown.await(TimeUnit.MILLISECONDS.toNanos(50)));
        ring.close();
        assertTrue(teardown.await(LONG));
        teardown.close();
    }

    @Test
    void memoryThatTheKernelMayStillUseIsNotUnmapped() throws Exception {
        Owned owned = new Owned();
        Faults faults = new Faults().fail("register-2", 1, EMFILE);
        KernelRing.Machine machine = RingFixture.machine(new FaultyUring(faults));
        PinnedArena arena = PinnedArena.ofShared();
        MemorySegment memory = arena.allocate(BLOCK);
        try (Fifo fifo = new Fifo()) {
            Background.call(() -> die(owned, machine, fifo, memory)).result();
            arena.close();
            RingFixture ring = owned.await();
            String message =
                    String.valueOf(
                            assertThrows(IllegalStateException.class, ring.ring()::close)
                                    .getMessage());
            assertTrue(message.endsWith("transfers=1"), message);
            assertTrue(ProcessMemory.isMapped(memory.address(), BLOCK));
            ring.close();
        }
    }
}
