package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Random requests, held against an array of bytes. Requests that are in flight together share
 * blocks, but no bytes that one of them writes: those are for the caller to put in order.
 */
class QueueModelTest extends QueueContractTest {

    private static final int SPACE = 1 << 20;

    private static final int REQUESTS = 300;

    /** A request that is in flight, and what it is to bring. */
    private static final class Pending {

        private final int start;

        private final int end;

        private final MemorySegment back;

        private final byte[] expected;

        Pending(int start, int end, MemorySegment back, byte[] expected) {
            this.start = start;
            this.end = end;
            this.back = back;
            this.expected = expected;
        }

        boolean overlaps(int from, int to) {
            return from < end && start < to;
        }

        /** Whether it reads less than it asks for, unless the file grows meanwhile. */
        boolean meetsTheEnd() {
            return expected.length < end - start;
        }
    }

    /** The file as it should be, and what is in flight. */
    private final class Model {

        private final Random random = new Random(Seed.value());

        private final Map<Long, Pending> pending = new HashMap<>();

        private final byte[] bytes = new byte[SPACE];

        private final DirectFile file;

        private final DirectQueue queue;

        private final boolean aligned;

        private int size;

        private long token = -REQUESTS / 2;

        Model(DirectFile file, DirectQueue queue, boolean aligned) {
            this.file = file;
            this.queue = queue;
            this.aligned = aligned;
        }

        void run() throws IOException {
            while (token < REQUESTS / 2) {
                if (queue.pending() < queue.depth() && random.nextInt(8) > 0) {
                    ask();
                } else if (random.nextBoolean()) {
                    queue.await(random.nextInt(1 + queue.pending()), this::check);
                } else {
                    queue.poll(this::check);
                }
            }
            while (queue.pending() > 0) {
                queue.await(1, this::check);
            }
            assertEquals(size, file.size());
        }

        private void ask() throws IOException {
            int longest = random.nextInt(4) == 0 ? SPACE / 2 : 3 * BLOCK;
            int start = random.nextInt(SPACE - longest);
            int length = random.nextInt(longest);
            if (aligned) {
                start -= start % BLOCK;
                length -= length % BLOCK;
            }
            int end = start + length;
            int from = start;
            if (pending.values().stream().anyMatch(p -> p.overlaps(from, end))) {
                return;
            }
            if (random.nextBoolean()) {
                write(start, end);
            } else {
                // A pending append may or may not be there: read below it.
                int stable = pending.values().stream().mapToInt(p -> p.end).max().orElse(0);
                if (end <= size || stable <= size) {
                    read(start, end);
                }
            }
        }

        private void write(int start, int end) throws IOException {
            if (end > size && pending.values().stream().anyMatch(Pending::meetsTheEnd)) {
                return;
            }
            byte[] data = new byte[end - start];
            random.nextBytes(data);
            System.arraycopy(data, 0, bytes, start, data.length);
            List<MemorySegment> parts = split(pinned(data));
            if (parts.size() == 1) {
                queue.write(file, parts.getFirst(), start, token);
            } else {
                queue.write(file, parts, start, token);
            }
            pending.put(token++, new Pending(start, end, MemorySegment.NULL, data));
            size = start == end ? size : Math.max(size, end);
        }

        private void read(int start, int end) throws IOException {
            MemorySegment back = arena.allocate(end - start);
            byte[] expected = Arrays.copyOfRange(bytes, start, Math.clamp(size, start, end));
            queue.read(file, split(back), start, token);
            pending.put(token++, new Pending(start, end, back, expected));
        }

        private List<MemorySegment> split(MemorySegment memory) {
            long middle = memory.byteSize() / 2 / BLOCK * BLOCK;
            return middle == 0 || random.nextBoolean()
                    ? List.of(memory)
                    : List.of(memory.asSlice(0, middle), memory.asSlice(middle));
        }

        private void check(Completion done) throws IOException {
            Pending request = Objects.requireNonNull(pending.remove(done.token()));
            assertEquals(request.expected.length, done.bytes(), done::toString);
            if (request.back.byteSize() > 0) {
                byte[] back = bytesOf(request.back.asSlice(0, done.bytes()));
                assertArrayEquals(request.expected, back, done::toString);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, AUTO, false",
        "4, AUTO, false",
        "64, AUTO, false",
        "4, AUTO, true",
        "64, AUTO, true",
        "1, BOUNCE, false",
        "4, BOUNCE, true",
        "64, BOUNCE, false",
        "64, BOUNCE, true",
        "1, PIN, false",
        "4, PIN, true",
        "64, PIN, true"
    })
    void randomRequestsAgreeWithTheModel(int depth, Transfer transfer, boolean guarded)
            throws IOException {
        Path path = place.newPath();
        DirectOptions options =
                options()
                        .create()
                        .transfer(transfer)
                        .protection(guarded ? GUARDED : Protection.none());
        Model model;
        try (DirectFile file = open(path, options);
                DirectQueue queue = queue(depth)) {
            model = new Model(file, queue, transfer == Transfer.PIN);
            model.run();
        }
        assertArrayEquals(Arrays.copyOf(model.bytes, model.size), contents(path));
    }

    @Test
    void canaryAModelThatDiffersIsSeen() throws IOException {
        try (DirectFile file = open(Transfer.AUTO);
                DirectQueue queue = queue(1)) {
            Model model = new Model(file, queue, /* aligned= */ false);
            model.run();
            model.size = SPACE;
            model.bytes[0] ^= 1;
            model.read(0, 1);
            assertThrows(AssertionError.class, () -> queue.await(1, model::check));
        }
    }

    /** Requests that write the same bytes come one after the other as they were asked for. */
    @Test
    void partialWritesOfTheSameBytesKeepTheirOrder() throws IOException {
        for (Protection protection : List.of(Protection.none(), GUARDED)) {
            try (DirectFile file = file(options().protection(protection), new byte[2 * BLOCK]);
                    DirectQueue queue = queue(16)) {
                for (int round = 0; round < 20; round++) {
                    for (int i = 0; i < 16; i++) {
                        queue.write(file, heap(filled(BLOCK + 10, i)), 7, 5);
                    }
                    finish(queue);
                    assertArrayEquals(filled(BLOCK + 10, 15), read(file, 7, BLOCK + 10));
                }
            }
        }
    }

    @Test
    void requestsFarApartOnSeveralFilesEndWithTheirTokens() throws IOException {
        long far = (3L << 30) + BLOCK;
        List<Long> tokens = new ArrayList<>();
        try (DirectFile first = file(options(), new byte[10]);
                DirectFile second = file(options(), new byte[20]);
                DirectQueue queue = queue(4)) {
            queue.write(first, heap(filled(10, 1)), far, Long.MIN_VALUE);
            queue.write(second, heap(filled(10, 2)), far + 5, -1);
            queue.write(second, heap(filled(10, 3)), 0, -1);
            queue.await(3, done -> tokens.add(done.token()));
            assertEquals(List.of(Long.MIN_VALUE, -1L, -1L), tokens.stream().sorted().toList());
            assertEquals(far + 10, first.size());
            assertEquals(far + 15, second.size());
            assertArrayEquals(filled(10, 2), read(second, far + 5, 100));
            queue.read(first, heap(new byte[100]), far + 3, 1);
            queue.read(first, heap(new byte[100]), far + 10, 2);
            queue.read(first, heap(new byte[100]), far + (1L << 40), 3);
            queue.await(3, done -> assertEquals(done.token() == 1 ? 7 : 0, done.bytes()));
        }
    }
}
