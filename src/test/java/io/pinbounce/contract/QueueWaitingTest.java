package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request that waits for a range or a slot of another one does not stop its queue. */
class QueueWaitingTest extends QueueContractTest {

    @Test
    void manyLongRequestsShareASmallPool() throws Exception {
        byte[] bytes = bytes(1, 16 << 18);
        try (DirectFile file = open(place.newPath(), options().create().transfer(Transfer.BOUNCE));
                DirectQueue queue = queue(16)) {
            int length = 1 << 18;
            for (int i = 15; i >= 0; i--) {
                byte[] part = Arrays.copyOfRange(bytes, i * length, (i + 1) * length);
                queue.write(file, heap(part), (long) i * length, i);
            }
            finish(queue);
            byte[][] back = new byte[16][length];
            for (int i = 0; i < 16; i++) {
                queue.read(file, heap(back[i]), (long) i * length, i);
            }
            queue.submit();
            finish(queue);
            for (int i = 0; i < 16; i++) {
                byte[] part = Arrays.copyOfRange(bytes, i * length, (i + 1) * length);
                assertArrayEquals(part, back[i], "part " + i);
            }
        }
    }

    @Test
    void anotherThreadThatGivesSlotsBackWakesTheQueue() throws Exception {
        try (DirectFile file = file(options().transfer(Transfer.BOUNCE), filled(BLOCK, 3));
                DirectQueue queue = queue(2)) {
            List<BouncePool.Slot> slots = takeAllSlots();
            byte[] back = new byte[BLOCK];
            queue.read(file, heap(back), 0, 1);
            queue.submit();
            assertEquals(0, queue.poll(Completion::bytes));
            Thread owner = Thread.currentThread();
            Background<Void> giving =
                    Background.call(
                            () -> {
                                while (owner.getState() == Thread.State.RUNNABLE) {
                                    Thread.onSpinWait();
                                }
                                slots.forEach(BouncePool.Slot::close);
                                return null;
                            });
            assertEquals(1, queue.await(1, PATIENCE, TimeUnit.SECONDS, Completion::bytes));
            giving.result();
            assertArrayEquals(filled(BLOCK, 3), back);
        }
    }

    @Test
    void aRequestThatWaitsForABlockingCallLetsOtherRequestsPass() throws Exception {
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        HookedEngine slow =
                new HookedEngine(
                        place.engine(),
                        submission -> {
                            if (submission.op() == Submission.Op.WRITE
                                    && Thread.currentThread().getName().equals("background")) {
                                holds.countDown();
                                awaitQuietly(release);
                            }
                        });
        Path path = place.newPath();
        try (DirectFile file = open(path, options().create(), slow);
                DirectQueue queue = OnEngine.queue(2, Engine.SYSCALL, slow)) {
            file.write(heap(new byte[3 * BLOCK]), 0);
            Background<Void> holder =
                    Background.call(
                            () -> {
                                file.write(heap(filled(10, 1)), 10);
                                return null;
                            });
            holds.await();
            queue.write(file, heap(filled(10, 2)), 15, 1);
            queue.write(file, heap(filled(10, 3)), BLOCK + 15, 2);
            assertEquals(
                    1,
                    queue.await(
                            1,
                            PATIENCE,
                            TimeUnit.SECONDS,
                            done -> assertEquals(2, done.token(), "the other goes on")));
            assertEquals(0, queue.poll(Completion::bytes));
            long start = System.nanoTime();
            assertEquals(0, queue.await(1, 50, TimeUnit.MILLISECONDS, Completion::bytes));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis >= 50, "millis=" + millis);
            release.countDown();
            assertEquals(1, queue.await(1, PATIENCE, TimeUnit.SECONDS, Completion::bytes));
            holder.result();
            assertArrayEquals(filled(10, 2), read(file, 15, 10));
            assertArrayEquals(filled(5, 1), read(file, 10, 5));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE, TimeUnit.SECONDS), "released in time");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
