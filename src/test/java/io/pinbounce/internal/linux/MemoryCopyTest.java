package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.pinbounce.internal.crc.Allocation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/** Sizes lie on both sides of the smallest native copy and of the largest native piece. */
class MemoryCopyTest {

    private static final long MANY = MemoryCopy.PIECE + 1000;

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                MemoryCopy.MIN_SIZE - 1,
                MemoryCopy.MIN_SIZE,
                MemoryCopy.PIECE - 1,
                MemoryCopy.PIECE,
                MemoryCopy.PIECE + 1,
                3 * MemoryCopy.PIECE + 17
            })
    void aCopyMovesItsBytesAndNoOthers(long size) {
        try (Arena arena = Arena.ofConfined()) {
            assertMovesItsBytesAndNoOthers(size, arena::allocate, arena::allocate);
            assertMovesItsBytesAndNoOthers(size, arena::allocate, MemoryCopyTest::onTheHeap);
            assertMovesItsBytesAndNoOthers(size, MemoryCopyTest::onTheHeap, arena::allocate);
            assertMovesItsBytesAndNoOthers(
                    size, MemoryCopyTest::onTheHeap, MemoryCopyTest::onTheHeap);
        }
    }

    private static void assertMovesItsBytesAndNoOthers(
            long size, LongFunction<MemorySegment> source, LongFunction<MemorySegment> target) {
        long before = 3;
        long after = 5;
        MemorySegment from = source.apply(1 + size);
        for (long i = 0; i <= size; i++) {
            from.set(JAVA_BYTE, i, (byte) (i * 31 + (i >> 8)));
        }
        MemorySegment to = target.apply(before + size + after).fill((byte) 0x5A);
        MemoryCopy.copy(from, 1, to, before, size);
        assertEquals(-1, from.asSlice(1, size).mismatch(to.asSlice(before, size)));
        for (long i = 0; i < before; i++) {
            assertEquals(0x5A, to.get(JAVA_BYTE, i), "in front");
        }
        for (long i = before + size; i < to.byteSize(); i++) {
            assertEquals(0x5A, to.get(JAVA_BYTE, i), "behind");
        }
    }

    private static MemorySegment onTheHeap(long size) {
        return MemorySegment.ofArray(new byte[(int) size]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, MemoryCopy.MIN_SIZE, MANY})
    void rangesOutsideTheMemoryAreRefused(long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = arena.allocate(size);
            MemorySegment less = arena.allocate(size - 1);
            Class<IndexOutOfBoundsException> refusal = IndexOutOfBoundsException.class;
            assertThrows(refusal, () -> MemoryCopy.copy(whole, 0, less, 0, size));
            assertThrows(refusal, () -> MemoryCopy.copy(less, 0, whole, 0, size));
            assertThrows(refusal, () -> MemoryCopy.copy(whole, -1, whole, 0, size));
            assertThrows(refusal, () -> MemoryCopy.copy(whole, 0, whole, 1, size));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, MemoryCopy.MIN_SIZE, MANY})
    void closedConfinedAndReadOnlyMemoryIsRefused(long size) {
        MemorySegment good = Arena.ofAuto().allocate(size);
        MemorySegment closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = arena.allocate(size);
            MemorySegment confined = closed;
            onAnotherThread(
                    () ->
                            assertThrows(
                                    WrongThreadException.class,
                                    () -> MemoryCopy.copy(confined, 0, good, 0, size)));
        }
        assertThrows(IllegalStateException.class, () -> MemoryCopy.copy(closed, 0, good, 0, size));
        assertThrows(IllegalStateException.class, () -> MemoryCopy.copy(good, 0, closed, 0, size));
        assertThrows(
                IllegalArgumentException.class,
                () -> MemoryCopy.copy(good, 0, good.asReadOnly(), 0, size));
    }

    @Test
    void aCopyAllocatesNothing() {
        MemorySegment from = Arena.ofAuto().allocate(MANY);
        MemorySegment to = Arena.ofAuto().allocate(MANY);
        Runnable copy = () -> MemoryCopy.copy(from, 0, to, 0, MANY);
        for (int i = 0; i < 20_000; i++) {
            copy.run(); // until it is compiled
        }
        assertEquals(0, Allocation.perRun(copy));
    }

    private static void onAnotherThread(Runnable check) {
        CompletableFuture.runAsync(check).join();
    }

    /** In native code this would end the process. */
    @Test
    void aMappedFileThatWasTruncatedIsAnErrorNotTheEndOfTheProcess(@TempDir Path directory)
            throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel =
                        FileChannel.open(
                                directory.resolve("mapped"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE)) {
            MemorySegment mapped = channel.map(MapMode.READ_WRITE, 0, MANY, arena);
            channel.truncate(0);
            MemorySegment memory = arena.allocate(MANY);
            assertThrows(InternalError.class, () -> MemoryCopy.copy(mapped, 0, memory, 0, MANY));
            assertThrows(InternalError.class, () -> MemoryCopy.copy(memory, 0, mapped, 0, MANY));
        }
    }
}
