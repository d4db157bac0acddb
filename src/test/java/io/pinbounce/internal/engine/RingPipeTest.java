package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Slow transfers: a read from a pipe stays in flight until the test writes. */
class RingPipeTest extends RingTests {

    /** No position, as for a pipe (preadv2(2)). */
    private static final long NO_POSITION = -1;

    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(30);

    private final PinnedArena shared = PinnedArena.ofShared();

    private final MemorySegment memory = shared.allocate(2 * BLOCK);

    private FileHandle pipe = NO_FILE;

    static Stream<RingKind> kinds() {
        return RingKind.kernel();
    }

    /** Open for both directions, so that opening does not wait for the other end. */
    @BeforeEach
    void openPipe(@TempDir Path temporary) throws Exception {
        Path path = temporary.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        pipe = open(path, OpenFlags.O_RDWR);
    }

    @AfterEach
    void closePipe() {
        engine.close(pipe.number());
        pipe.end();
        shared.close();
    }

    /** Prepares a vector, since only vectored calls can go without a position. */
    private void prepPipe(Submission submission, Op op) {
        submission.prep(op, pipe, NO_POSITION);
        submission.add(memory, 0, BLOCK);
        submission.add(memory, BLOCK, BLOCK);
    }

    private void feed(int fill) {
        Submission write = new Submission();
        memory.fill((byte) fill);
        prepPipe(write, Op.WRITE);
        assertEquals(2 * BLOCK, engine.transfer(write));
    }

    @Test
    void otherTransfersOvertakeASlowOne() {
        try (IoRing ring = kind.open(engine, 2)) {
            prepPipe(submission, Op.READ);
            ring.prep(0, submission);
            prep(ring, 1, Op.WRITE, file, 0, memory(BLOCK, 1));
            assertEquals(Map.of(1, new Result(BLOCK, 0)), await(ring, 1));
            prep(ring, 1, Op.WRITE, file, 0, memory(BLOCK, 2));
            assertEquals(Map.of(1, new Result(BLOCK, 0)), await(ring, 1));
            feed(3);
            assertEquals(Map.of(0, new Result(2 * BLOCK, 0)), await(ring, 1));
        }
    }

    @Test
    void aWaitForASlowTransferEndsWhenTimeIsUpOrTheOwnerIsWoken() {
        try (IoRing ring = kind.open(engine, 1)) {
            prepPipe(submission, Op.READ);
            ring.prep(0, submission);
            assertEquals(0, ring.enter(0, Long.MAX_VALUE));
            long start = System.nanoTime();
            assertEquals(0, ring.enter(1, SHORT));
            assertTrue(System.nanoTime() - start >= SHORT);
            ring.wake();
            assertEquals(0, ring.enter(1, Long.MAX_VALUE));
            assertEquals(0, drained(ring));
            feed(4);
            assertEquals(Map.of(0, new Result(2 * BLOCK, 0)), await(ring, 1));
        }
    }

    @Test
    void anInterruptDoesNotEndAWaitForASlowTransfer() throws Exception {
        BlockingQueue<Long> sent = new LinkedBlockingQueue<>();
        Background<Boolean> owner =
                Background.call(
                        () -> {
                            try (IoRing ring = kind.open(engine, 1)) {
                                prepPipe(submission, Op.READ);
                                ring.prep(0, submission);
                                ring.enter(0, 0);
                                sent.add(0L);
                                assertEquals(1, await(ring, 1).size());
                                return Thread.currentThread().isInterrupted();
                            }
                        });
        sent.take();
        TimeUnit.NANOSECONDS.sleep(SHORT);
        owner.interrupt();
        TimeUnit.NANOSECONDS.sleep(SHORT);
        assertFalse(owner.isDone());
        feed(5);
        assertTrue(owner.result(), "the interrupt is lost");
    }

    @Test
    void closeWaitsForASlowTransfer() throws Exception {
        BlockingQueue<Long> sent = new LinkedBlockingQueue<>();
        Background<Long> owner =
                Background.call(
                        () -> {
                            try (IoRing ring = kind.open(engine, 1)) {
                                prepPipe(submission, Op.READ);
                                ring.prep(0, submission);
                                ring.enter(0, 0);
                                sent.add(0L);
                            }
                            return 0L;
                        });
        sent.take();
        TimeUnit.NANOSECONDS.sleep(SHORT);
        assertFalse(owner.isDone());
        feed(6);
        assertEquals(0, owner.result());
    }

    @Test
    void aFailedForceIsToldApartFromItsWrite() {
        try (IoRing ring = kind.open(engine, 1)) {
            prepPipe(submission, Op.WRITE_FORCE);
            ring.prep(0, submission);
            assertEquals( // a pipe cannot be forced
                    Map.of(0, new Result(2 * BLOCK, -Errno.EINVAL)), await(ring, 1));
        }
    }
}
