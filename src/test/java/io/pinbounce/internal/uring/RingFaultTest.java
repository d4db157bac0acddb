package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.Faults;
import io.pinbounce.internal.linux.FaultyUring;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/** A ring on a kernel whose calls fail or do less than asked. */
class RingFaultTest {

    private static final int BLOCK = 4096;

    private static final int DEPTH = 64;

    /** Opening a ring enters it once. */
    private static final int TRIAL = 1;

    private final PinnedArena arena = PinnedArena.ofShared();

    private final Faults faults = new Faults();

    private final FaultyUring uring = new FaultyUring(faults);

    @AfterEach
    void close() {
        arena.close();
    }

    private RingFixture open() throws Exception {
        return RingFixture.open(RingFixture.machine(uring), DEPTH);
    }

    /** Prepares a read of another block in each slot; returns the memory. */
    private MemorySegment prepAll(RingFixture ring) {
        MemorySegment memory = arena.allocate((long) DEPTH * BLOCK);
        for (int i = 0; i < DEPTH; i++) {
            long at = (long) i * BLOCK;
            ring.prep(i, Submission.Op.READ, at, memory.asSlice(at, BLOCK));
        }
        return memory;
    }

    private static void assertAllRead(RingFixture ring, MemorySegment memory) {
        for (int i = 0; i < DEPTH; i++) {
            assertEquals(BLOCK, ring.result(i), "slot=" + i);
        }
        MemorySegment expected = MemorySegment.ofArray(new byte[DEPTH * BLOCK]);
        expected.fill(RingFixture.CONTENT);
        assertEquals(-1, expected.mismatch(memory));
    }

    @Test
    void aFullSubmissionQueueDropsNoTransfer() throws Exception {
        try (RingFixture ring = RingFixture.open(RingFixture.machine(uring), DEPTH, 16, 128)) {
            MemorySegment memory = prepAll(ring);
            ring.finish(DEPTH);
            assertAllRead(ring, memory);
            assertTrue(faults.calls("enter") - TRIAL >= DEPTH / 16);
        }
    }

    @Test
    void anOverflowOfTheCompletionQueueLosesNoTransfer() throws Exception {
        try (RingFixture ring = RingFixture.open(RingFixture.machine(uring), DEPTH, 16, 16)) {
            for (int i = 0; i < DEPTH; i++) { // at the end of the file, so done at once
                ring.prep(i, Submission.Op.READ, RingFixture.SIZE, arena.allocate(BLOCK));
            }
            assertEquals(0, ring.ring().enter(0, 0));
            assertTrue(ring.ring().toString().contains("flags=0x2"), ring.ring().toString());
            ring.finish(DEPTH);
            for (int i = 0; i < DEPTH; i++) {
                assertEquals(0, ring.result(i), "slot=" + i);
            }
        }
    }

    @Test
    void aDrainReportsCompletionsThatOverflowed() throws Exception {
        try (RingFixture ring = RingFixture.open(RingFixture.machine(uring), DEPTH, 16, 16)) {
            for (int i = 0; i < DEPTH; i++) {
                ring.prep(i, Submission.Op.READ, RingFixture.SIZE, arena.allocate(BLOCK));
            }
            assertEquals(0, ring.ring().enter(0, 0));
            assertEquals(DEPTH, ring.drain());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN, Errno.EBUSY})
    void aCallThatFailsForLackOfResourcesIsRepeated(int errno) throws Exception {
        try (RingFixture ring = open()) {
            for (int i = 1; i <= 3; i++) {
                faults.fail("enter", TRIAL + i, errno);
            }
            MemorySegment memory = prepAll(ring);
            assertEquals(0, ring.ring().enter(0, 0));
            faults.fail("enter", faults.calls("enter") + 1, errno);
            int left = DEPTH - ring.drain();
            if (left > 0) {
                ring.finish(left);
            }
            assertAllRead(ring, memory);
        }
    }

    @Test
    void anErrorOfTheRingIsReturnedByEnter() throws Exception {
        try (RingFixture ring = open()) {
            MemorySegment memory = prepAll(ring);
            faults.fail("enter", TRIAL + 1, Errno.EIO).fail("enter", TRIAL + 2, Errno.EIO);
            assertEquals(-Errno.EIO, ring.ring().enter(1, Long.MAX_VALUE));
            assertEquals(-Errno.EIO, ring.ring().enter(0, 0));
            ring.finish(DEPTH); // the fault is over, and nothing was lost
            assertAllRead(ring, memory);
        }
    }

    @Test
    void aWaitThatASignalInterruptsGoesOnForTheRestOfItsTime() throws Exception {
        try (RingFixture ring = open()) {
            for (int i = 1; i < 20; i++) {
                faults.fail("enter", TRIAL + i, Errno.EINTR);
            }
            long start = System.nanoTime();
            assertEquals(0, ring.ring().enter(1, TimeUnit.MILLISECONDS.toNanos(100)));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis >= 100 && millis < 300_000, "millis=" + millis);
        }
    }

    @Test
    void aJavaInterruptDoesNotEndTheWaitAndIsKept() throws Exception {
        try (RingFixture ring = open()) {
            Thread.currentThread().interrupt();
            MemorySegment memory = prepAll(ring);
            ring.finish(DEPTH);
            assertTrue(Thread.interrupted());
            assertAllRead(ring, memory);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 63})
    void aPartialSubmissionLosesNothing(int atMost) throws Exception {
        uring.takingAtMost(atMost);
        try (RingFixture ring = open()) {
            MemorySegment memory = prepAll(ring);
            ring.finish(DEPTH);
            assertAllRead(ring, memory);
        }
    }

    @Test
    void aForceIsNotTriedIfItsLinkBreaks() throws Exception {
        uring.takingAtMost(1);
        try (RingFixture ring = open()) {
            long result = ring.transfer(Submission.Op.WRITE_FORCE, 0, arena.allocate(BLOCK));
            assertEquals(BLOCK, result);
            assertEquals(-Errno.ECANCELED, ring.forced());
        }
    }

    @Test
    void waitsAreAsLongOnAKernelWithoutExtArg() throws Exception {
        uring.withoutFeatures(ParamsLayout.IORING_FEAT_EXT_ARG);
        try (RingFixture ring = open()) {
            for (int i = 0; i < 3; i++) { // each has a timeout of its own
                long start = System.nanoTime();
                assertEquals(0, ring.ring().enter(5, TimeUnit.MILLISECONDS.toNanos(50)));
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                assertTrue(millis >= 50 && millis < 300_000, "millis=" + millis);
            }
            for (int i = 0; i < 10; i++) { // a timeout that is left over does no harm
                MemorySegment memory = prepAll(ring);
                ring.finish(DEPTH);
                assertAllRead(ring, memory);
            }
        }
    }

    @Test
    void aCompletionOfNoTransferIsAnError() throws Exception {
        try (RingFixture ring = open()) {
            SubmissionQueue submissions = ring.ring().submissions();
            submissions.next(
                    SqeLayout.IORING_OP_NOP, 0, -1, UserData.of(UserData.TRANSFER, 5, 1234));
            assertEquals(0, ring.ring().enter(0, 0));
            String message =
                    assertThrows(IllegalStateException.class, ring::drain).getMessage() + "";
            assertTrue(message.contains("slot=5 generation=1234"), message);
            assertFalse(ring.drain() > 0);
        }
    }
}
