package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Queues whose ring breaks, or whose thread ends, before their requests are done. */
class BrokenQueueTest extends QueueContractTest {

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Opens a file whose queued transfers at a position throw, before or after the data moves. */
    private DirectFile breaking(Path path, DirectOptions options, long position, boolean moves)
            throws IOException {
        HookedEngine engine =
                new HookedEngine(place.engine(), _ -> {}) {
                    @Override
                    public long transfer(Submission submission) {
                        boolean breaks = submission.position() == position;
                        boolean ofPool = Thread.currentThread().getName().contains("pinbounce-io");
                        if (breaks && ofPool && moves) {
                            super.transfer(submission);
                        }
                        if (breaks && ofPool) {
                            throw new Broken();
                        }
                        return super.transfer(submission);
                    }
                };
        return open(path, options.create(), engine);
    }

    @Test
    void everyCallOnABrokenQueueThrowsAndTellsToCloseIt() throws IOException {
        Path path = place.newPath();
        try (DirectFile file = breaking(path, options(), 0, false)) {
            file.write(heap(new byte[BLOCK]), 0);
            DirectQueue queue =
                    OnEngine.queue(2, Engine.SYSCALL, OnEngine.admission(file).engine());
            queue.read(file, arena.allocate(BLOCK), 0, 1);
            IOException e = assertThrows(IOException.class, () -> queue.await(1, _ -> {}));
            assertSays(e, "close the queue");
            assertThrows(IOException.class, () -> queue.poll(_ -> {}));
            assertThrows(IOException.class, queue::submit);
            assertThrows(IOException.class, () -> queue.force(file, 2));
            assertThrows(IOException.class, () -> queue.read(file, arena.allocate(BLOCK), 0, 2));
            assertEquals(1, queue.pending());
            assertEquals(0, pool.inUse(), "its requests are over");
            e = assertThrows(IOException.class, queue::close);
            assertSays(e, "the queue ended before the request was done");
            queue.close();
        }
    }

    @Test
    void aFileClosesBeforeTheBrokenQueueThatUsedIt() throws IOException {
        Path path = place.newPath();
        file(options(), new byte[0]).close();
        DirectFile file = breaking(path, options(), 0, false);
        file.write(heap(new byte[BLOCK]), 0);
        DirectQueue queue = OnEngine.queue(2, Engine.SYSCALL, OnEngine.admission(file).engine());
        queue.read(file, arena.allocate(BLOCK), 0, 1);
        file.close();
        assertEquals(1, queue.pending());
        assertThrows(IOException.class, queue::close);
    }

    /** The interval verifies afterwards, with the old bytes or the new ones. */
    @ParameterizedTest
    @EnumSource(names = {"PIN", "BOUNCE"})
    void anIntervalWhoseWriteBrokeReadsAsTheDiskHasIt(Transfer transfer) throws IOException {
        for (boolean moves : new boolean[] {false, true}) {
            Path path = place.newPath();
            DirectOptions guarded = options().protection(GUARDED).transfer(transfer);
            try (DirectFile file = breaking(path, guarded, BLOCK, moves)) {
                file.write(pinned(filled(3 * BLOCK, 1)), 0);
                DirectQueue queue =
                        OnEngine.queue(2, Engine.SYSCALL, OnEngine.admission(file).engine());
                queue.write(file, pinned(filled(BLOCK, 2)), BLOCK, 1);
                assertThrows(IOException.class, () -> queue.await(1, _ -> {}));
                byte[] expected = filled(3 * BLOCK, 1);
                if (moves) {
                    Arrays.fill(expected, BLOCK, 2 * BLOCK, (byte) 2);
                }
                var back = arena.allocate(3L * BLOCK);
                assertEquals(3 * BLOCK, file.read(back, 0));
                assertArrayEquals(expected, bytesOf(back));
                assertThrows(IOException.class, queue::close);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThreadThatEndsFreesTheRangesAndFilesOfItsQueue(Transfer transfer) throws Exception {
        DirectOptions options = options().transfer(transfer).protection(GUARDED);
        Path path = place.newPath();
        DirectFile file = open(path, options.create());
        file.write(pinned(filled(4 * BLOCK, 1)), 0);
        Background.call(
                        () -> {
                            DirectQueue queue = queue(4);
                            queue.write(file, pinned(filled(BLOCK, 2)), 0, 1);
                            queue.read(file, arena.allocate(BLOCK), BLOCK, 2);
                            queue.write(file, pinned(filled(BLOCK, 3)), 2 * BLOCK, 3);
                            queue.submit();
                            queue.write(file, pinned(filled(BLOCK, 4)), 2 * BLOCK, 4);
                            return null;
                        })
                .result();
        if (transfer == Transfer.PIN) {
            assertThrows(IllegalStateException.class, arena::close);
        }
        try (DirectFile again = open(path, options)) {
            file.close();
            var back = arena.allocate(4L * BLOCK);
            assertEquals(4 * BLOCK, again.read(back, 0), "all that was written verifies");
            byte[] bytes = bytesOf(back);
            assertTrue(bytes[0] == 1 || bytes[0] == 2, "old or new: " + bytes[0]);
            assertTrue(bytes[2 * BLOCK] != 2, "old, or one of two: " + bytes[2 * BLOCK]);
            again.write(pinned(filled(4 * BLOCK, 5)), 0);
        }
    }

    @Test
    void anotherThreadMayCloseTheQueueOfAnEndedThread() throws Exception {
        DirectFile file = file(options(), new byte[BLOCK]);
        DirectQueue queue =
                Background.call(
                                () -> {
                                    DirectQueue made = queue(1);
                                    made.write(file, heap(filled(10, 1)), 10, 1);
                                    return made;
                                })
                        .result();
        assertThrows(WrongThreadException.class, () -> queue.poll(_ -> {}));
        queue.close();
        queue.close();
        file.write(heap(filled(10, 2)), 10);
        file.close();
    }

    @Test
    void onlyTheQueuesOwnerMayCloseAFileWithQueuedRequests() throws Exception {
        DirectFile file = file(options(), new byte[BLOCK]);
        try (DirectQueue queue = queue(1)) {
            queue.write(file, heap(filled(10, 1)), 10, 1);
            Throwable e =
                    Background.call(
                                    () -> {
                                        file.close();
                                        return null;
                                    })
                            .failure();
            assertSays(assertInstanceOf(IllegalStateException.class, e), queue.toString());
            assertEquals(1, queue.await(1, done -> assertEquals(10, done.bytes())));
            assertArrayEquals(filled(10, 1), read(file, 10, 10));
            queue.read(file, heap(new byte[10]), 0, 2);
            file.close();
            assertEquals(1, queue.pending(), "kept");
            assertEquals(1, queue.await(1, done -> assertEquals(10, done.bytes())));
        }
    }
}
