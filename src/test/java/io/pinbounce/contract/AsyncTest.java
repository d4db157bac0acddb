package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Hold;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.testing.Background;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What calls that do not wait promise. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AsyncTest extends ContractTest {

    static Stream<Place> places() {
        return placesWithRing();
    }

    private static <T extends @Nullable Object> T get(CompletableFuture<T> future)
            throws Exception {
        return future.get(5, TimeUnit.MINUTES);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return Objects.requireNonNull(
                assertThrows(ExecutionException.class, () -> get(future)).getCause());
    }

    private DirectOptions protectedOptions(Transfer transfer) {
        return options().create().transfer(transfer).protection(Protection.t10(4096).memory());
    }

    @Nested
    class Moving {

        @ParameterizedTest
        @EnumSource
        void whatIsWrittenIsRead(Transfer transfer) throws Exception {
            for (DirectOptions options :
                    List.of(options().create().transfer(transfer), protectedOptions(transfer))) {
                try (DirectFile file = open(place.newPath(), options)) {
                    for (int length : new int[] {4096, 65536, (1 << 20) + 8192}) {
                        byte[] data = bytes(length, length);
                        get(file.writeAsync(pinned(data), 8192));
                        get(file.forceAsync());
                        MemorySegment back = arena.allocate(length);
                        assertEquals(length, get(file.readAsync(back, 8192)));
                        assertArrayEquals(data, back.toArray(ValueLayout.JAVA_BYTE));
                    }
                    assertEquals(0L, get(file.readAsync(arena.allocate(4096), 1 << 24)));
                }
            }
        }

        /**
         * Also where the write finds its range taken, no slot, a small slot, or parts of blocks.
         */
        @Test
        void theMemoryOfABouncedWriteIsFreeAtOnce() throws Exception {
            for (DirectOptions options :
                    List.of(
                            options().create().transfer(Transfer.BOUNCE),
                            protectedOptions(Transfer.BOUNCE))) {
                try (DirectFile file = open(place.newPath(), options)) {
                    byte[] expected = new byte[4 << 20];
                    List<CompletableFuture<?>> writes = new ArrayList<>();
                    int position = 100;
                    for (int i = 0; i < 20; i++) {
                        int length = 5000 + i * 20_000;
                        byte[] data = bytes(i, length);
                        System.arraycopy(data, 0, expected, position, length);
                        MemorySegment memory = heap(data);
                        writes.add(file.writeAsync(memory, position));
                        memory.fill((byte) 0x55);
                        position += length;
                    }
                    for (CompletableFuture<?> write : writes) {
                        get(write);
                    }
                    byte[] all = new byte[position];
                    System.arraycopy(expected, 0, all, 0, position);
                    assertArrayEquals(all, read(file, 0, position));
                }
            }
        }

        @Test
        void tenThousandReadsAtOnceAllEnd() throws Exception {
            try (DirectFile file = open(Transfer.AUTO)) {
                file.write(heap(bytes(1, 1 << 20)), 0);
                MemorySegment all = pinned(bytes(1, 1 << 20));
                MemorySegment back = arena.allocate(4096 * 100);
                List<CompletableFuture<Long>> reads = new ArrayList<>();
                for (int i = 0; i < 10_000; i++) {
                    MemorySegment block = back.asSlice(i % 100 * 4096L, 4096);
                    reads.add(file.readAsync(block, i % 100 * 4096L));
                }
                for (CompletableFuture<Long> read : reads) {
                    assertEquals(4096L, get(read));
                }
                assertEquals(-1, back.mismatch(all.asSlice(0, back.byteSize())));
            }
        }
    }

    @Nested
    class Refused {

        @Test
        void confinedMemoryIsRefused() throws Exception {
            try (DirectFile file = open(Transfer.AUTO);
                    PinnedArena own = PinnedArena.ofConfined()) {
                MemorySegment memory = own.allocate(4096);
                assertSays(
                        assertThrows(
                                IllegalArgumentException.class, () -> file.readAsync(memory, 0)),
                        "confined");
                assertThrows(IllegalArgumentException.class, () -> file.writeAsync(memory, 0));
            }
        }

        @Test
        void pinningMemoryOfNoPinnedArenaFailsTheFuture() throws Exception {
            try (DirectFile file = open(Transfer.PIN);
                    Arena own = Arena.ofShared()) {
                MemorySegment memory = own.allocate(4096, 4096);
                Throwable e = failure(file.writeAsync(memory, 0));
                assertSays(assertInstanceOf(IllegalArgumentException.class, e), "PinnedArena");
                file.write(pinned(new byte[4096]), 0);
                e = failure(file.readAsync(memory, 0));
                assertSays(assertInstanceOf(IllegalArgumentException.class, e), "PinnedArena");
            }
        }

        @Test
        void wrongPositionsClosedFilesAndReadOnlyFilesAreRefused() throws Exception {
            Path path = place.newPath();
            MemorySegment memory = pinned(new byte[4096]);
            DirectFile file = create(path);
            assertThrows(IllegalArgumentException.class, () -> file.readAsync(memory, -1));
            file.close();
            assertInstanceOf(ClosedChannelException.class, failure(file.readAsync(memory, 0)));
            assertInstanceOf(ClosedChannelException.class, failure(file.forceAsync()));
            try (DirectFile readOnly = open(path, readOnly())) {
                assertThrows(
                        NonWritableChannelException.class, () -> readOnly.writeAsync(memory, 0));
            }
        }

        /** The JVM says so with an error of its own, in the caller's thread. */
        @Test
        void memoryOfATruncatedMappingFailsTheFuture() throws Exception {
            Path mapped = Files.createTempFile(Path.of("target"), "mapped", "");
            try (FileChannel channel =
                            FileChannel.open(
                                    mapped, StandardOpenOption.WRITE, StandardOpenOption.READ);
                    Arena own = Arena.ofShared();
                    DirectFile file = open(Transfer.BOUNCE)) {
                MemorySegment memory = channel.map(MapMode.READ_WRITE, 0, 8192, own);
                channel.truncate(0);
                Throwable e = failure(file.writeAsync(memory, 0));
                assertSays(assertInstanceOf(DirectIoException.class, e), "truncated");
                assertEquals(0, file.size());
            } finally {
                Files.delete(mapped);
            }
        }
    }

    /** Requests that the engine holds up. */
    @Nested
    class InFlight {

        private final Hold hold = new Hold();

        private DirectFile held(Transfer transfer) throws IOException {
            return open(
                    place.newPath(),
                    options().create().transfer(transfer),
                    new HookedEngine(place.engine(), hold));
        }

        @ParameterizedTest
        @EnumSource
        void anArenaDoesNotCloseWhileAReadFillsIt(Transfer transfer) throws Exception {
            try (DirectFile file = held(transfer)) {
                file.write(pinned(bytes(1, 8192)), 0);
                PinnedArena own = PinnedArena.ofShared();
                MemorySegment memory = own.allocate(8192);
                hold.close();
                CompletableFuture<Long> read = file.readAsync(memory, 0);
                hold.awaitArrival();
                assertThrows(IllegalStateException.class, own::close);
                hold.open();
                assertEquals(8192L, get(read));
                assertArrayEquals(bytes(1, 8192), memory.toArray(ValueLayout.JAVA_BYTE));
                own.close();
            }
        }

        @Test
        void cancellingOrCompletingAFutureFreesNeitherItsMemoryNorItsFile() throws Exception {
            DirectFile file = held(Transfer.PIN);
            PinnedArena own = PinnedArena.ofShared();
            MemorySegment memory = own.allocate(4096).fill((byte) 7);
            hold.close();
            CompletableFuture<?> cancelled = file.writeAsync(memory, 0);
            CompletableFuture<?> completed = file.writeAsync(memory, 4096);
            cancelled.cancel(true);
            completed.complete(null);
            assertThrows(IllegalStateException.class, own::close);
            Background<Void> closing =
                    Background.call(
                            () -> {
                                file.close();
                                return null;
                            });
            closing.awaitWaitingIn("awaitEmpty");
            hold.open();
            closing.result();
            own.close();
        }

        /** The ring's thread is for the ring alone. */
        @Test
        void dependentStagesMayBlockAndReadTheFile() throws Exception {
            try (DirectFile file = held(Transfer.AUTO)) {
                file.write(heap(bytes(1, 8192)), 0);
                hold.close(); // until it depends: what comes later runs at once, right here
                CountDownLatch blocked = new CountDownLatch(1);
                CompletableFuture<Boolean> dependent =
                        file.readAsync(arena.allocate(4096), 0)
                                .thenApply(
                                        _ -> {
                                            try {
                                                assertEquals(8192, read(file, 0, 8192).length);
                                                blocked.await();
                                            } catch (IOException e) {
                                                throw new UncheckedIOException(e);
                                            } catch (InterruptedException e) {
                                                throw new IllegalStateException(e);
                                            }
                                            return Thread.currentThread().isVirtual();
                                        });
                hold.open();
                for (int i = 0; i < 100; i++) {
                    assertEquals(4096L, get(file.readAsync(arena.allocate(4096), 0)));
                }
                assertFalse(dependent.isDone());
                blocked.countDown();
                assertTrue(get(dependent), "on a virtual thread");
            }
        }

        @Test
        void aDependentStageMayCloseTheFile() throws Exception {
            DirectFile file = held(Transfer.BOUNCE);
            hold.close();
            CompletableFuture<Boolean> closes =
                    file.writeAsync(heap(new byte[4096]), 0)
                            .thenApply(
                                    _ -> {
                                        try {
                                            file.close();
                                        } catch (IOException e) {
                                            throw new UncheckedIOException(e);
                                        }
                                        return Thread.currentThread().isVirtual();
                                    });
            hold.awaitArrival();
            hold.open();
            assertTrue(get(closes), "on a virtual thread");
        }
    }
}
