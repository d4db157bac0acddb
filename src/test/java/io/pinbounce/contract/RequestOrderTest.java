package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What holds when several requests are under way on one file. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestOrderTest extends ContractTest {

    private static final int ROUNDS = 200;

    private void together(List<Callable<Void>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(place.threads())) {
            List<Future<Void>> futures = new ArrayList<>();
            for (Callable<Void> task : tasks) {
                futures.add(threads.submit(task));
            }
            for (Future<Void> future : futures) {
                future.get();
            }
        }
    }

    /** A block that is read, changed and written must not undo what a neighbour wrote meanwhile. */
    @Test
    void unalignedNeighboursDoNotRevertEachOther() throws Exception {
        Path path = place.newPath();
        try (DirectFile first = create(path);
                DirectFile second = open(path, options())) {
            first.write(heap(new byte[16384]), 0);
            together(
                    List.of(
                            () -> fill(first, 0, 3000),
                            () -> fill(second, 3000, 3000),
                            () -> fillPinned(first, 8192),
                            () -> fill(second, 6000, 2192)));
            byte[] all = contents(path);
            for (int i = 0; i < 12288; i++) {
                assertEquals((byte) ROUNDS, all[i], "byte " + i);
            }
        }
    }

    private Void fill(DirectFile file, long position, int length) throws IOException {
        byte[] data = new byte[length];
        for (int round = 1; round <= ROUNDS; round++) {
            Arrays.fill(data, (byte) round);
            file.write(heap(data), position);
        }
        return null;
    }

    private Void fillPinned(DirectFile file, long position) throws IOException {
        var data = arena.allocate(4096);
        for (int round = 1; round <= ROUNDS; round++) {
            data.fill((byte) round);
            file.write(data, position);
        }
        return null;
    }

    /** Each appends to ranges of its own past the end; the size is the highest end, no more. */
    @Test
    void appendersPastTheEndKeepTheSizeExact() throws Exception {
        Path path = place.newPath();
        int length = 777;
        try (DirectFile first = create(path);
                DirectFile second = open(path, options())) {
            AtomicBoolean done = new AtomicBoolean();
            together(
                    List.of(
                            () -> append(first, 0, length, done),
                            () -> append(second, 1, length, done),
                            () -> watchSize(path, length, done)));
            assertEquals((long) length * 2 * ROUNDS, first.size());
            byte[] all = contents(path);
            for (int i = 0; i < all.length; i++) {
                assertEquals((byte) (i / length + 1), all[i], "byte " + i);
            }
        }
    }

    private Void append(DirectFile file, int start, int length, AtomicBoolean done)
            throws IOException {
        byte[] data = new byte[length];
        for (int i = start; i < 2 * ROUNDS; i += 2) {
            Arrays.fill(data, (byte) (i + 1));
            file.write(heap(data), (long) i * length);
        }
        done.set(true);
        return null;
    }

    /** Checks that no read returns the zeros that fill the last block for a moment. */
    private Void watchSize(Path path, int length, AtomicBoolean done) throws IOException {
        MemorySegment memory = arena.allocate(Alignment.up(2L * ROUNDS * length, 4096));
        try (DirectFile file = open(path, options());
                DirectFile pinning = open(path, options().transfer(Transfer.PIN))) {
            while (!done.get()) {
                assertEquals(0, file.size() % length, "size");
                byte[] all = read(file, 0, 2 * ROUNDS * length);
                assertEquals(0, all.length % length, "bytes read");
                assertEquals(0, pinning.read(memory, 0) % length, "bytes read pinned");
            }
        }
        return null;
    }

    /** A guarded read never fails because of a writer, and sees each interval whole. */
    @Test
    void guardedReadersVerifyWhileWritersWrite() throws Exception {
        Path path = place.newPath();
        DirectOptions guarded = options().create().protection(Protection.t10(4096).memory());
        try (DirectFile file = open(path, guarded)) {
            file.write(heap(new byte[65536]), 0);
            AtomicBoolean done = new AtomicBoolean();
            together(
                    List.of(
                            () -> scatterWrites(file, done),
                            () -> readAlong(file, done),
                            () -> readPinned(path, guarded, done)));
            assertTrue(done.get());
        }
    }

    private Void scatterWrites(DirectFile file, AtomicBoolean done) throws IOException {
        Random random = new Random(Seed.value());
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                byte[] data = new byte[1 + random.nextInt(20_000)];
                Arrays.fill(data, (byte) round);
                file.write(heap(data), random.nextInt(65536 - data.length));
            }
        } finally {
            done.set(true);
        }
        return null;
    }

    private Void readAlong(DirectFile file, AtomicBoolean done) throws IOException {
        while (!done.get()) {
            assertEquals(65536, read(file, 0, 65536).length);
        }
        return null;
    }

    private Void readPinned(Path path, DirectOptions guarded, AtomicBoolean done)
            throws IOException {
        var memory = arena.allocate(65536);
        try (DirectFile file = open(path, guarded.transfer(Transfer.PIN))) {
            while (!done.get()) {
                assertEquals(65536, file.read(memory, 0));
            }
        }
        return null;
    }

    /** Truncation and writing agree on what is left. */
    @Test
    void writersAndTruncationLeaveAFileThatVerifies() throws Exception {
        Path path = place.newPath();
        DirectOptions guarded = options().create().protection(Protection.t10(4096).memory());
        try (DirectFile file = open(path, guarded)) {
            together(
                    List.of(
                            () -> fill(file, 5_000, 10_000),
                            () -> fill(file, 20_000, 3_000),
                            () -> {
                                for (int round = 0; round < ROUNDS; round++) {
                                    file.truncate(1_000 + 100L * round);
                                }
                                return null;
                            }));
            file.truncate(23_000);
            file.write(heap(bytes(1, 10_000)), 5_000);
            assertArrayEquals(bytes(1, 10_000), read(file, 5_000, 10_000));
            assertEquals(23_000, read(file, 0, 30_000).length);
        }
    }

    /** Only requests that change the size make a call wait that asks for it. */
    @Test
    void theSizeIsReadDuringAWriteInPlace() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        AtomicBoolean inTime = new AtomicBoolean();
        HookedEngine engine =
                new HookedEngine(
                        place.engine(),
                        _ -> {
                            writing.countDown();
                            inTime.set(isReached(told));
                        });
        Path path = place.newPath();
        var memory = pinned(bytes(1, 8192));
        try (DirectFile file = create(path)) {
            file.write(memory, 0);
        }
        try (DirectFile file = open(path, options().transfer(Transfer.PIN), engine)) {
            together(
                    List.of(
                            () -> {
                                file.write(memory, 0);
                                return null;
                            },
                            () -> {
                                writing.await();
                                assertEquals(8192, file.size());
                                told.countDown();
                                return null;
                            }));
        }
        assertTrue(inTime.get());
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(5, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Closing waits for what is under way, and refuses what comes later. */
    @Test
    void closingWaitsForRequests() throws Exception {
        Path path = place.newPath();
        DirectFile file = create(path);
        file.write(heap(new byte[65536]), 0);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.add(
                    () -> {
                        try {
                            while (true) {
                                assertEquals(65536, read(file, 0, 65536).length);
                            }
                        } catch (java.nio.channels.ClosedChannelException e) {
                            return null;
                        }
                    });
        }
        tasks.add(
                () -> {
                    Thread.sleep(50);
                    file.close();
                    return null;
                });
        together(tasks);
    }
}
