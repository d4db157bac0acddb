package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.Transfer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A call never waits for progress of a queue that only its own thread can drive. */
class QueuesOfOneThreadTest extends QueueContractTest {

    private final List<Long> tokens = new ArrayList<>();

    private void take(DirectQueue queue, int min) throws IOException {
        queue.await(min, PATIENCE, TimeUnit.SECONDS, done -> tokens.add(done.token()));
    }

    @Test
    void twoQueuesWhoseRequestsConflictCrosswiseBothEnd() throws IOException {
        try (DirectFile file = file(options(), new byte[4 * BLOCK]);
                DirectQueue first = queue(2);
                DirectQueue second = queue(2)) {
            first.write(file, heap(filled(10, 1)), 100, 1);
            second.write(file, heap(filled(10, 2)), BLOCK + 100, 2);
            first.write(file, heap(filled(10, 3)), BLOCK + 200, 3);
            second.write(file, heap(filled(10, 4)), 200, 4);
            take(first, 2);
            assertEquals(List.of(1L, 3L), tokens);
            assertEquals(2, second.pending(), "completions are kept");
            take(second, 2);
            assertEquals(Set.of(2L, 4L), Set.copyOf(tokens.subList(2, 4)));
            assertArrayEquals(filled(10, 3), read(file, BLOCK + 200, 10));
            assertArrayEquals(filled(10, 4), read(file, 200, 10));
        }
    }

    @Test
    void aQueueThatWaitsForAnotherQueueOfItsThreadCloses() throws IOException {
        try (DirectFile file = file(options(), new byte[2 * BLOCK]);
                DirectQueue first = queue(1)) {
            try (DirectQueue second = queue(1)) {
                first.write(file, heap(filled(10, 1)), 100, 1);
                second.write(file, heap(filled(10, 2)), 105, 2);
            }
            assertEquals(1, first.pending());
            take(first, 1);
            assertArrayEquals(filled(10, 2), read(file, 105, 10));
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the point
    void aFileWhoseRequestWaitsForAnotherQueueCloses() throws IOException {
        var path = place.newPath();
        try (DirectFile file = open(path, options().create());
                DirectFile same = open(path, options());
                DirectQueue first = queue(1);
                DirectQueue second = queue(1)) {
            file.write(heap(new byte[BLOCK]), 0);
            first.write(file, heap(filled(10, 1)), 100, 1);
            second.write(same, heap(filled(10, 2)), 105, 2);
            same.close();
            assertEquals(1, second.pending());
            take(second, 1);
            take(first, 1);
            assertEquals(List.of(2L, 1L), tokens);
        }
    }

    @Test
    void aBlockingCallWaitsForARangeOfItsOwnQueues() throws IOException {
        try (DirectFile file = file(options(), new byte[BLOCK]);
                DirectQueue first = queue(2);
                DirectQueue second = queue(1)) {
            first.write(file, heap(filled(10, 1)), 100, 1);
            second.write(file, heap(filled(10, 2)), 105, 2);
            file.write(heap(filled(10, 3)), 110);
            assertEquals(1, first.pending());
            assertEquals(1, second.pending());
            byte[] expected = new byte[BLOCK];
            Arrays.fill(expected, 100, 105, (byte) 1);
            Arrays.fill(expected, 105, 110, (byte) 2);
            Arrays.fill(expected, 110, 120, (byte) 3);
            assertArrayEquals(expected, read(file, 0, BLOCK));
            take(first, 1);
            take(second, 1);
            assertEquals(List.of(1L, 2L), tokens);
        }
    }

    @Test
    void aBlockingCallWaitsForTheSizeLockOfItsOwnQueue() throws IOException {
        try (DirectFile file = file(options(), new byte[BLOCK]);
                DirectQueue queue = queue(4)) {
            queue.write(file, heap(filled(100, 1)), BLOCK, 1);
            queue.write(file, heap(filled(100, 2)), BLOCK + 100, 2);
            assertEquals(BLOCK + 200, file.size());
            queue.write(file, heap(filled(100, 3)), BLOCK + 200, 3);
            file.truncate(BLOCK + 250);
            assertEquals(BLOCK + 250, file.size());
            assertEquals(3, queue.pending());
            take(queue, 3);
            assertEquals(List.of(1L, 2L, 3L), tokens.stream().sorted().toList());
            assertArrayEquals(filled(50, 3), read(file, BLOCK + 200, 100));
        }
    }

    @Test
    void aBlockingCallWaitsForASlotOfItsOwnQueue() throws IOException {
        int slots = (int) (pool.capacity() / pool.largestSlot());
        byte[] bytes = bytes(1, pool.largestSlot());
        try (DirectFile file = file(options().transfer(Transfer.BOUNCE), new byte[bytes.length]);
                DirectQueue queue = queue(slots)) {
            for (int i = 0; i < slots; i++) {
                queue.write(file, heap(bytes), 0, i);
            }
            assertEquals(pool.capacity(), pool.inUse(), "the pool is exhausted");
            assertArrayEquals(bytes, read(file, 0, bytes.length));
            take(queue, slots);
            assertEquals(slots, tokens.size());
        }
    }
}
