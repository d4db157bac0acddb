package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Transfers of a ring on the machine's kernel. */
class UringRingTest {

    private static final int BLOCK = 4096;

    private final PinnedArena arena = PinnedArena.ofShared();

    private RingFixture ring;

    @BeforeEach
    void open() throws Exception {
        ring = RingFixture.open(8);
    }

    @AfterEach
    void close() {
        ring.close();
        arena.close();
    }

    @Test
    void aReadReturnsTheBytesOfAWrite() {
        MemorySegment sent = arena.allocate(BLOCK);
        sent.fill((byte) 7);
        MemorySegment received = arena.allocate(BLOCK);
        assertEquals(BLOCK, ring.transfer(Submission.Op.WRITE, BLOCK, sent));
        assertEquals(BLOCK, ring.transfer(Submission.Op.READ, BLOCK, received));
        assertEquals(-1, sent.mismatch(received));
        assertEquals(List.of(), ring.ring().notes());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16})
    void manyPiecesAreOneTransfer(int pieces) {
        MemorySegment sent = arena.allocate((long) pieces * BLOCK);
        MemorySegment received = arena.allocate((long) pieces * BLOCK);
        for (int i = 0; i < pieces; i++) {
            sent.asSlice((long) i * BLOCK, BLOCK).fill((byte) (i + 1));
        }
        assertEquals(sent.byteSize(), ring.transfer(Submission.Op.WRITE, 0, pieces(sent, pieces)));
        assertEquals(
                sent.byteSize(), ring.transfer(Submission.Op.READ, 0, pieces(received, pieces)));
        assertEquals(-1, sent.mismatch(received));
    }

    private static MemorySegment[] pieces(MemorySegment memory, int count) {
        MemorySegment[] pieces = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            pieces[i] = memory.asSlice((long) i * BLOCK, BLOCK);
        }
        return pieces;
    }

    @Test
    void aWriteAndItsForceAreOneCompletion() {
        MemorySegment sent = arena.allocate(BLOCK);
        assertEquals(BLOCK, ring.transfer(Submission.Op.WRITE_FORCE, 0, sent));
        assertEquals(0, ring.forced());
        assertEquals(0, ring.transfer(Submission.Op.FORCE, 0));
    }

    @Test
    void aWriteThatFailsCancelsItsForce() {
        MemorySegment misaligned = arena.allocate(2 * BLOCK).asSlice(1, BLOCK);
        assertEquals(-Errno.EINVAL, ring.transfer(Submission.Op.WRITE_FORCE, 0, misaligned));
        assertEquals(-Errno.ECANCELED, ring.forced());
    }

    @Test
    void aReadErrorIsReported() {
        ring.prep(0, Submission.Op.READ, 1, arena.allocate(BLOCK)); // a position no disk has
        ring.prep(1, Submission.Op.READ, 0, arena.allocate(BLOCK));
        ring.finish(2);
        assertEquals(-Errno.EINVAL, ring.result(0));
        assertEquals(BLOCK, ring.result(1));
    }

    @Test
    void aMisalignedSecondPieceIsTheErrorOfThatRequestAlone() {
        MemorySegment memory = arena.allocate(4 * BLOCK);
        ring.prep(0, Submission.Op.READ, 0, memory.asSlice(0, BLOCK), memory.asSlice(4097, BLOCK));
        ring.prep(1, Submission.Op.READ, 0, memory.asSlice(2 * BLOCK, BLOCK));
        ring.finish(2);
        assertEquals(-Errno.EINVAL, ring.result(0));
        assertEquals(BLOCK, ring.result(1));
    }

    @Test
    void dataAtPositionsAboveTwoGiBIsWrittenAndRead() {
        long far = (5L << 30) + BLOCK;
        MemorySegment sent = arena.allocate(BLOCK);
        sent.fill((byte) 9);
        assertEquals(BLOCK, ring.transfer(Submission.Op.WRITE, far, sent));
        assertEquals(far + BLOCK, ring.size());
        MemorySegment received = arena.allocate(BLOCK);
        assertEquals(BLOCK, ring.transfer(Submission.Op.READ, far, received));
        assertEquals(-1, sent.mismatch(received));
    }

    @Test
    void twoReadsOfOneBufferAreToldApart() {
        MemorySegment memory = arena.allocate(BLOCK);
        ring.prep(0, Submission.Op.READ, 0, memory);
        ring.prep(1, Submission.Op.READ, ring.size(), memory); // nothing there
        ring.finish(2);
        assertEquals(BLOCK, ring.result(0));
        assertEquals(0, ring.result(1));
    }

    @Test
    void aSlotIsUsedAgainAndAgain() {
        MemorySegment memory = arena.allocate(BLOCK);
        for (int i = 0; i < 1000; i++) {
            long position = i % 2 == 0 ? 0 : ring.size();
            assertEquals(
                    i % 2 == 0 ? BLOCK : 0, ring.transfer(Submission.Op.READ, position, memory));
        }
    }

    @Test
    void aReadIntoASliceChangesNoOtherByte() {
        MemorySegment memory = arena.allocate(4 * BLOCK);
        memory.fill((byte) 0x5a);
        Submission submission = ring.submission(Submission.Op.READ, 0);
        submission.add(memory, 2 * BLOCK, BLOCK);
        ring.ring().prep(0, submission);
        ring.finish(1);
        for (int i = 0; i < 4; i++) {
            byte expected = i == 2 ? RingFixture.CONTENT : 0x5a;
            MemorySegment block = memory.asSlice((long) i * BLOCK, BLOCK);
            assertEquals(expected, block.get(ValueLayout.JAVA_BYTE, 0));
            assertEquals(expected, block.get(ValueLayout.JAVA_BYTE, BLOCK - 1));
        }
    }

    @Test
    void aSlotWithATransferInItIsRefused() {
        MemorySegment memory = arena.allocate(BLOCK);
        ring.prep(3, Submission.Op.READ, 0, memory);
        assertThrows(
                IllegalStateException.class, () -> ring.prep(3, Submission.Op.READ, 0, memory));
        ring.finish(1);
        assertThrows(
                IndexOutOfBoundsException.class, () -> ring.prep(8, Submission.Op.READ, 0, memory));
    }

    @Test
    void aPollReportsTransfersThatAreDone() throws Exception {
        ring.prep(0, Submission.Op.READ, 0, arena.allocate(BLOCK));
        long start = System.nanoTime();
        while (ring.poll() == 0) {
            assertTrue(System.nanoTime() - start < TimeUnit.MINUTES.toNanos(5));
        }
        assertEquals(BLOCK, ring.result(0));
    }
}
