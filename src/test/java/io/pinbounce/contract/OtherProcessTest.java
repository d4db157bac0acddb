package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A call sees what another process did to the file before. A file that is open on an engine of its
 * own stands for another process: the library keeps nothing in common for the two.
 */
class OtherProcessTest extends QueueContractTest {

    private DirectFile elsewhere(Path path) throws IOException {
        return open(path, options(), new HookedEngine(place.engine(), _ -> {}));
    }

    /** Truncates the file as another process would. */
    private void cut(Path path, long size) throws IOException {
        try (DirectFile file = elsewhere(path)) {
            file.truncate(size);
        }
    }

    private long sizeOf(Path path) throws IOException {
        try (DirectFile file = elsewhere(path)) {
            return file.size();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "BOUNCE"})
    void whatAnotherProcessCutsStaysCut(Transfer transfer) throws IOException {
        for (DirectOptions options : List.of(options(), options().protection(GUARDED))) {
            Path path = place.newPath();
            try (DirectFile file = open(path, options.create().transfer(transfer))) {
                file.write(heap(filled(10_000, 1)), 0);
                cut(path, 0);
                file.write(heap(filled(100, 2)), 0);
                assertEquals(100, sizeOf(path));
                assertArrayEquals(filled(100, 2), read(file, 0, 200));
                assertEquals(0, read(file, 5000, 200).length);
            }
        }
    }

    @Test
    void aWritePastTheEndThatAnotherProcessCutLeavesZerosBetween() throws IOException {
        Path path = place.newPath();
        try (DirectFile file = create(path);
                DirectQueue queue = queue(2)) {
            file.write(heap(filled(10_000, 1)), 0);
            cut(path, BLOCK + 50);
            queue.write(file, heap(filled(20, 2)), BLOCK + 60, 1);
            finish(queue);
            assertEquals(BLOCK + 80, sizeOf(path));
            byte[] expected = filled(BLOCK + 80, 1);
            Arrays.fill(expected, BLOCK + 50, BLOCK + 60, (byte) 0);
            Arrays.fill(expected, BLOCK + 60, BLOCK + 80, (byte) 2);
            assertArrayEquals(expected, read(file, 0, 10_000));
        }
    }

    @Test
    void whatAnotherProcessAppendsIsReadAndKept() throws IOException {
        Path path = place.newPath();
        byte[] expected = filled(10_000, 2);
        Arrays.fill(expected, 0, 50, (byte) 3);
        Arrays.fill(expected, 50, 100, (byte) 1);
        try (DirectFile file = create(path)) {
            file.write(heap(filled(100, 1)), 0);
            try (DirectFile other = elsewhere(path)) {
                other.write(heap(filled(9_900, 2)), 100);
            }
            assertArrayEquals(filled(9_900, 2), read(file, 100, 20_000));
            file.write(heap(filled(50, 3)), 0);
            assertEquals(10_000, sizeOf(path));
            assertArrayEquals(expected, read(file, 0, 20_000));
        }
    }

    @Test
    void aWriteThatNeverAskedForTheSizeKeepsWhatAnotherProcessAppended() throws IOException {
        Path path = place.newPath();
        try (DirectFile file = create(path)) {
            file.write(heap(filled(100, 1)), 0);
            try (DirectFile other = elsewhere(path)) {
                other.write(heap(filled(2_900, 2)), 100);
            }
            file.write(heap(filled(BLOCK - 3_000, 3)), 3_000);
            byte[] expected = filled(BLOCK, 3);
            Arrays.fill(expected, 0, 100, (byte) 1);
            Arrays.fill(expected, 100, 3_000, (byte) 2);
            assertArrayEquals(expected, read(file, 0, BLOCK));
        }
    }

    /** The question costs little, and is asked where the answer matters. */
    @Test
    void aWriteAsksForTheSizeAtMostOnce() throws IOException {
        AtomicLong asked = new AtomicLong();
        IoEngine counting =
                new HookedEngine(place.engine(), _ -> {}) {
                    @Override
                    public long size(int handle) {
                        asked.incrementAndGet();
                        return super.size(handle);
                    }
                };
        try (DirectFile file = open(place.newPath(), options().create(), counting)) {
            file.write(heap(new byte[10 * BLOCK]), 0);
            assertAsks(0, asked, file, BLOCK, BLOCK); // in place, and aligned
            assertAsks(0, asked, file, BLOCK + 10, BLOCK - 10); // ends with a block
            assertAsks(1, asked, file, BLOCK, BLOCK + 10);
            assertAsks(1, asked, file, BLOCK + 10, 20);
            assertAsks(1, asked, file, 10 * BLOCK, 10); // makes the file longer
            assertAsks(1, asked, file, 10 * BLOCK + 10, 10);
            assertAsks(1, asked, file, 11 * BLOCK, BLOCK);
        }
    }

    private static void assertAsks(
            long expected, AtomicLong asked, DirectFile file, long position, int length)
            throws IOException {
        long before = asked.get();
        file.write(heap(new byte[length]), position);
        assertEquals(expected, asked.get() - before, position + "+" + length);
    }
}
