package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.Transfer;
import io.pinbounce.testing.Background;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A future that waits for a queue comes to its end although the queue's owner waits for it. */
class QueueOwnerFuturesTest extends QueueContractTest {

    static Stream<Place> places() {
        return placesWithRing();
    }

    /** Every way to wait for a future. */
    enum Wait {
        GET {
            @Override
            <T extends @Nullable Object> T of(CompletableFuture<T> future) throws Exception {
                return future.get();
            }
        },
        GET_FOR_A_WHILE {
            @Override
            <T extends @Nullable Object> T of(CompletableFuture<T> future) throws Exception {
                return future.get(PATIENCE, TimeUnit.SECONDS);
            }
        },
        JOIN {
            @Override
            <T extends @Nullable Object> T of(CompletableFuture<T> future) {
                return future.join();
            }
        },
        JOIN_A_DEPENDENT {
            @Override
            <T extends @Nullable Object> T of(CompletableFuture<T> future) {
                return future.thenApplyAsync(value -> value).thenApply(value -> value).join();
            }
        },
        GET_A_COPY {
            @Override
            <T extends @Nullable Object> T of(CompletableFuture<T> future) throws Exception {
                return future.copy().get();
            }
        };

        abstract <T extends @Nullable Object> T of(CompletableFuture<T> future) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void aFutureThatNeedsTheSizeLockOfTheQueueEnds(Wait wait) throws Exception {
        try (DirectFile file = file(options(), new byte[0]);
                DirectQueue queue = queue(4)) {
            queue.write(file, heap(filled(100, 1)), 0, 1);
            queue.submit();
            wait.of(file.writeAsync(heap(filled(100, 2)), 100));
            assertEquals(1, queue.pending(), "completions are kept");
            assertArrayEquals(filled(100, 1), read(file, 0, 100));
            assertArrayEquals(filled(100, 2), read(file, 100, 200));
            finish(queue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFutureThatReadsARangeOfTheQueueEnds(Wait wait) throws Exception {
        try (DirectFile file = file(options().protection(GUARDED), new byte[2 * BLOCK]);
                DirectQueue queue = queue(4);
                DirectQueue other = queue(1)) {
            queue.write(file, heap(filled(BLOCK, 1)), 0, 1);
            other.write(file, heap(filled(10, 2)), 10, 2); // behind the first
            byte[] back = new byte[BLOCK];
            assertEquals(BLOCK, wait.of(file.readAsync(heap(back), 0)));
            byte[] expected = filled(BLOCK, 1);
            System.arraycopy(filled(10, 2), 0, expected, 10, 10);
            assertArrayEquals(expected, back);
            finish(queue);
            finish(other);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFutureThatNeedsASlotOfTheQueueEnds(Wait wait) throws Exception {
        int slots = (int) (pool.capacity() / pool.largestSlot());
        byte[] bytes = bytes(1, pool.largestSlot());
        try (DirectFile file = file(options().transfer(Transfer.BOUNCE), bytes);
                DirectQueue queue = queue(slots)) {
            for (int i = 0; i < slots; i++) {
                queue.read(file, heap(new byte[bytes.length]), 0, i);
            }
            assertEquals(pool.capacity(), pool.inUse(), "the pool is exhausted");
            byte[] back = new byte[bytes.length];
            assertEquals(bytes.length, wait.of(file.readAsync(heap(back), 0)));
            assertArrayEquals(bytes, back);
            finish(queue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFutureThatForcesBehindAQueuedWriteEnds(Wait wait) throws Exception {
        try (DirectFile file = file(options(), new byte[0]);
                DirectQueue queue = queue(4)) {
            queue.write(file, heap(filled(100, 1)), 0, 1);
            CompletableFuture<?> write = file.writeAsync(heap(filled(100, 2)), 100);
            wait.of(write.thenCompose(_ -> file.forceAsync()));
            finish(queue);
        }
    }

    @Test
    void aTimedGetEndsForAFutureThatNeverCompletes() throws Exception {
        try (DirectFile file = file(options(), new byte[BLOCK]);
                DirectQueue queue = queue(2)) {
            CompletableFuture<Long> never =
                    file.readAsync(heap(new byte[10]), 0)
                            .thenCompose(_ -> new CompletableFuture<>());
            for (int i = 0; i < 3; i++) {
                assertThrows(TimeoutException.class, () -> never.get(1, TimeUnit.MILLISECONDS));
            }
            assertEquals(0, queue.pending());
        }
    }

    @Test
    void anInterruptEndsAGetAndNotAJoin() throws Exception {
        try (DirectFile file = file(options(), new byte[BLOCK])) {
            CompletableFuture<Long> later =
                    file.readAsync(heap(new byte[10]), 0)
                            .thenCompose(_ -> new CompletableFuture<>());
            CountDownLatch gets = new CountDownLatch(1);
            CountDownLatch joins = new CountDownLatch(1);
            Background<Boolean> owner =
                    Background.call(
                            () -> {
                                try (DirectQueue _ = queue(2)) {
                                    gets.countDown();
                                    assertThrows(InterruptedException.class, later::get);
                                    Thread.currentThread().interrupt();
                                    assertThrows(
                                            InterruptedException.class,
                                            () -> later.get(PATIENCE, TimeUnit.SECONDS));
                                    Thread.currentThread().interrupt();
                                    joins.countDown();
                                    return later.join() == 7 && Thread.interrupted();
                                }
                            });
            gets.await();
            owner.interrupt(); // before the wait, or in it
            joins.await();
            later.complete(7L);
            assertTrue(owner.result());
        }
    }
}
