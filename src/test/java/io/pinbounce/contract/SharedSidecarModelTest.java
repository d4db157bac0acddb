package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.testing.Background;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Readers and writers of one file come and go at random, and each read is compared with what was
 * written; now and then another process asks for the file.
 */
class SharedSidecarModelTest extends QueueContractTest {

    static Stream<Place> places() {
        return Stream.concat(placesWithRing(), Place.onVirtualThreads());
    }

    private static final int STEPS = 400;

    private static final int LENGTH = 40 * BLOCK;

    private static final int DEPTH = 4;

    /** One step of so many asks for what is refused, which takes a second on a real disk. */
    private static final int REFUSALS = 80;

    private static final Protection PROTECTION =
            Protection.t10(BLOCK)
                    .sidecar(
                            SidecarOptions.beside()
                                    .logSize(SidecarOptions.MIN_LOG)
                                    .memory(SidecarOptions.MIN_MEMORY));

    /** Where a queued read goes, and what it has to bring. */
    private record Expected(MemorySegment memory, MemorySegment bytes) {}

    private final Random random = new Random(Seed.value());

    private final byte[] model = new byte[LENGTH];

    private final List<DirectFile> readers = new ArrayList<>();

    private final List<DirectFile> writers = new ArrayList<>();

    private final Map<Long, Expected> underWay = new HashMap<>();

    private Path path = Path.of("");

    private long tokens;

    private DirectFile open(boolean writes) throws IOException {
        return open(path, options(writes));
    }

    private DirectOptions options(boolean writes) {
        return (writes ? options().create() : readOnly()).protection(PROTECTION);
    }

    @Test
    void everyReadReturnsWhatWasWrittenWhoeverComesAndGoes() throws Exception {
        Background.call(this::comeAndGo).result();
    }

    private boolean comeAndGo() throws IOException {
        path = place.newPath();
        try (DirectFile file = open(true)) {
            random.nextBytes(model);
            file.write(heap(model), 0);
        }
        try (DirectQueue queue = queue(DEPTH)) {
            for (int i = 0; i < STEPS; i++) {
                step(queue);
            }
            reap(queue, queue.pending());
        }
        for (DirectFile file : all()) {
            assertArrayEquals(model, read(file, 0, LENGTH));
            file.close();
        }
        try (DirectFile file = open(false)) {
            assertArrayEquals(model, read(file, 0, LENGTH));
            assertEquals(0, file.counts().unverifiedIntervals());
        }
        return true;
    }

    private List<DirectFile> all() {
        List<DirectFile> all = new ArrayList<>(readers);
        all.addAll(writers);
        return all;
    }

    private void step(DirectQueue queue) throws IOException {
        switch (random.nextInt(10)) {
            case 0 -> readers.add(open(false));
            case 1 -> {
                readQueued(queue); // so that reads are under way when the writer comes
                writers.add(open(true));
            }
            case 2 -> close(readers);
            case 3, 4 -> close(writers);
            case 5 -> read();
            case 6 -> write(queue, false);
            case 7 -> write(queue, true);
            case 8 -> readQueued(queue);
            default -> askElsewhere();
        }
    }

    private void close(List<DirectFile> files) throws IOException {
        if (!files.isEmpty()) {
            files.remove(random.nextInt(files.size())).close();
        }
    }

    private DirectFile any(List<DirectFile> files) {
        return files.get(random.nextInt(files.size()));
    }

    private void read() throws IOException {
        if (!all().isEmpty()) {
            int at = random.nextInt(LENGTH);
            int to = at + random.nextInt(LENGTH - at) + 1;
            byte[] expected = Arrays.copyOfRange(model, at, to);
            assertArrayEquals(expected, read(any(all()), at, to - at));
        }
    }

    private void write(DirectQueue queue, boolean queued) throws IOException {
        if (writers.isEmpty()) {
            return;
        }
        int at = random.nextInt(LENGTH);
        byte[] bytes = bytes(random, random.nextInt(Math.min(6 * BLOCK, LENGTH - at)) + 1);
        System.arraycopy(bytes, 0, model, at, bytes.length);
        if (queued) {
            makeRoom(queue);
            queue.write(any(writers), heap(bytes), at, tokens++);
            queue.submit();
        } else {
            any(writers).write(heap(bytes), at);
        }
    }

    private void readQueued(DirectQueue queue) throws IOException {
        if (all().isEmpty()) {
            return;
        }
        makeRoom(queue);
        int block = random.nextInt(LENGTH / BLOCK - 4);
        MemorySegment memory = arena.allocate(4L * BLOCK);
        byte[] expected = Arrays.copyOfRange(model, block * BLOCK, (block + 4) * BLOCK);
        underWay.put(tokens, new Expected(memory, heap(expected)));
        queue.read(any(all()), memory, (long) block * BLOCK, tokens++);
        queue.submit();
    }

    private void makeRoom(DirectQueue queue) throws IOException {
        if (queue.pending() == DEPTH) {
            reap(queue, 1 + random.nextInt(DEPTH));
        }
    }

    private void reap(DirectQueue queue, int count) throws IOException {
        for (int left = count; left > 0; ) {
            left -=
                    queue.await(
                            1,
                            PATIENCE,
                            TimeUnit.SECONDS,
                            completion -> {
                                completion.bytes(); // throws if the request has failed
                                Expected read = underWay.remove(completion.token());
                                if (read != null) {
                                    assertArrayEquals(bytesOf(read.bytes), bytesOf(read.memory));
                                }
                            });
        }
    }

    /** Another process may read as long as no writer is here, and write if no file is. */
    private void askElsewhere() throws IOException {
        IoEngine elsewhere = new HookedEngine(place.engine(), _ -> {});
        boolean writes = random.nextBoolean();
        boolean refused = writes ? !all().isEmpty() : !writers.isEmpty();
        if (!refused) {
            try (DirectFile file = open(path, options(writes), elsewhere)) {
                assertArrayEquals(model, read(file, 0, LENGTH));
            }
        } else if (random.nextInt(REFUSALS / 10) == 0) {
            assertThrows(
                    DirectIoException.class, () -> open(path, options(writes), elsewhere).close());
        }
    }

    @Test
    void manyThreadsComeAndGo() throws Exception {
        path = place.newPath();
        try (DirectFile file = open(true)) {
            file.write(heap(model), 0);
        }
        List<Background<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int own = i;
            long seed = random.nextLong();
            threads.add(Background.call(() -> useOwnPart(own, new Random(seed))));
        }
        for (Background<Boolean> thread : threads) {
            thread.result();
        }
    }

    /** Writes and reads a part of the file that no other thread uses. */
    private boolean useOwnPart(int own, Random choice) throws IOException {
        int length = LENGTH / 4;
        int start = own * length;
        byte[] part = new byte[length];
        for (int i = 0; i < 60; i++) {
            boolean writes = choice.nextBoolean();
            try (DirectFile file = open(writes)) {
                for (int j = choice.nextInt(4); writes && j > 0; j--) {
                    int at = choice.nextInt(length);
                    byte[] bytes = bytes(choice, choice.nextInt(length - at) + 1);
                    System.arraycopy(bytes, 0, part, at, bytes.length);
                    file.write(heap(bytes), start + at);
                }
                assertArrayEquals(part, read(file, start, length));
            }
        }
        return true;
    }
}
