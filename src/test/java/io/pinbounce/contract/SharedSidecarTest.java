package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A writer shares the sidecar with readers of the same process, in whatever order they come; among
 * processes there is one writer or many readers. A file that is open on an engine of its own stands
 * for another process.
 */
class SharedSidecarTest extends QueueContractTest {

    static Stream<Place> places() {
        return Stream.concat(placesWithRing(), Place.onVirtualThreads());
    }

    private static final int SIZE = 20 * BLOCK + 100;

    private Path path() {
        return place.newPath();
    }

    private static Protection protection(Mode mode) {
        return Protection.t10(BLOCK)
                .sidecar(SidecarOptions.beside().mode(mode).logSize(SidecarOptions.MIN_LOG));
    }

    private static Protection protection() {
        return protection(Mode.JOURNAL);
    }

    private DirectFile reader(Path path) throws IOException {
        return open(path, readOnly().protection(protection()));
    }

    private DirectFile writer(Path path) throws IOException {
        return open(path, options().create().protection(protection()));
    }

    private IoEngine otherProcess() {
        return new HookedEngine(place.engine(), _ -> {});
    }

    private DirectFile elsewhere(Path path, DirectOptions options) throws IOException {
        return open(path, options.protection(protection()), otherProcess());
    }

    private byte[] written(Path path, int value) throws IOException {
        try (DirectFile file = writer(path)) {
            file.write(heap(filled(SIZE, value)), 0);
        }
        return filled(SIZE, value);
    }

    private static void assertReads(byte[] expected, DirectFile file) throws IOException {
        assertArrayEquals(expected, read(file, 0, expected.length + BLOCK));
        assertEquals(0, file.counts().unverifiedIntervals());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aWriterJoinsReadersWhichReadWhatItWrites(Mode mode) throws IOException {
        Path path = path();
        DirectOptions writing = options().create().protection(protection(mode));
        try (DirectFile file = open(path, writing)) {
            file.write(heap(filled(SIZE, 1)), 0);
        }
        byte[] expected = filled(SIZE, 1);
        try (DirectFile reader = open(path, readOnly().protection(protection(mode)))) {
            assertReads(expected, reader);
            for (int round = 2; round < 5; round++) {
                try (DirectFile file = open(path, writing)) {
                    file.write(heap(filled(3 * BLOCK, round)), BLOCK + 7);
                    Arrays.fill(expected, BLOCK + 7, 4 * BLOCK + 7, (byte) round);
                    assertReads(expected, reader);
                    reader.force();
                    file.write(heap(filled(BLOCK, round)), expected.length);
                    int before = expected.length;
                    expected = Arrays.copyOf(expected, before + BLOCK);
                    Arrays.fill(expected, before, before + BLOCK, (byte) round);
                    assertReads(expected, reader);
                }
                assertReads(expected, reader);
                reader.force();
            }
        }
        try (DirectFile file = open(path, writing)) {
            assertReads(expected, file);
        }
    }

    @Test
    void damageIsStillFoundAfterTheWriterCame() throws IOException {
        Path path = path();
        written(path, 1);
        try (DirectFile reader = reader(path);
                DirectFile writer = writer(path)) {
            Damage.flipBit(place, arena, path, 3 * BLOCK + 5);
            assertThrows(ProtectionException.class, () -> read(reader, 0, SIZE));
            writer.write(heap(filled(BLOCK, 1)), 3 * BLOCK);
            assertReads(filled(SIZE, 1), reader);
        }
    }

    @Test
    void aReaderOfAnotherProcessKeepsTheWriterOutAndReadersGoOn() throws IOException {
        Path path = path();
        byte[] expected = written(path, 1);
        try (DirectFile reader = reader(path)) {
            try (DirectFile other = elsewhere(path, readOnly())) {
                DirectIoException e =
                        assertThrows(DirectIoException.class, () -> writer(path).close());
                assertSays(e, "others have it open with protection");
                assertReads(expected, reader);
                assertReads(expected, other);
            }
            assertThrows(
                    DirectIoException.class,
                    () -> elsewhere(path, options()).close(),
                    "the reader has lost its lock");
            writer(path).close();
            assertReads(expected, reader);
        }
        elsewhere(path, options()).close();
    }

    @Test
    void otherProcessesReadAgainOnceTheWriterIsClosed() throws IOException {
        Path path = path();
        written(path, 1);
        try (DirectFile reader = reader(path)) {
            DirectFile writer = writer(path);
            writer.write(heap(filled(SIZE, 2)), 0);
            assertThrows(DirectIoException.class, () -> elsewhere(path, readOnly()).close());
            writer.close();
            assertTrue(OnEngine.info(sidecarOf(path), place.engine()).clean(), "left unclean");
            try (DirectFile other = elsewhere(path, readOnly())) {
                assertReads(filled(SIZE, 2), other);
                assertReads(filled(SIZE, 2), reader);
                assertThrows(DirectIoException.class, () -> writer(path).close());
            }
            try (DirectFile again = writer(path)) {
                again.write(heap(filled(SIZE, 3)), 0);
                assertReads(filled(SIZE, 3), reader);
            }
        }
    }

    private static Path sidecarOf(Path path) {
        return Path.of(path + ".pi");
    }

    @Test
    void readersThatCameDuringAWriterReadOn() throws IOException {
        Path path = path();
        DirectFile first = writer(path);
        first.write(heap(filled(SIZE, 1)), 0);
        try (DirectFile reader = reader(path)) {
            try (DirectFile second = writer(path)) {
                first.close();
                second.write(heap(filled(SIZE, 2)), 0);
                assertReads(filled(SIZE, 2), reader);
            }
            assertReads(filled(SIZE, 2), reader);
            elsewhere(path, readOnly()).close();
        }
    }

    @Test
    void aWriterWaitsForReadsThatOnlyAnotherThreadCanReap() throws Exception {
        Path path = path();
        written(path, 1);
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch reap = new CountDownLatch(1);
        try (DirectFile reader = reader(path)) {
            Background<byte[]> owner =
                    Background.call(
                            () -> {
                                MemorySegment memory = arena.allocate(4 * BLOCK);
                                try (DirectQueue queue = queue(2)) {
                                    queue.read(reader, memory, 0, 1);
                                    queue.submit();
                                    read.countDown();
                                    reap.await(PATIENCE, TimeUnit.SECONDS);
                                    finish(queue);
                                }
                                return bytesOf(memory);
                            });
            assertTrue(read.await(PATIENCE, TimeUnit.SECONDS));
            Background<DirectFile> opener = Background.call(() -> writer(path));
            opener.awaitWaitingIn("awaitUntil");
            reap.countDown();
            assertArrayEquals(filled(4 * BLOCK, 1), owner.result());
            try (DirectFile writer = opener.result()) {
                writer.write(heap(filled(SIZE, 2)), 0);
            }
            assertReads(filled(SIZE, 2), reader);
        }
    }

    /** The thread that opens the writer carries on with its own queue. */
    @Test
    void aWriterOpensThoughItsOwnThreadHasReadsInAQueue() throws Exception {
        Path path = path();
        written(path, 1);
        Background.call(() -> openWithReadsInQueue(path)).result();
    }

    private boolean openWithReadsInQueue(Path path) throws IOException {
        MemorySegment memory = arena.allocate(8L * BLOCK);
        try (DirectFile reader = reader(path);
                DirectQueue queue = queue(8)) {
            for (int i = 0; i < 8; i++) {
                queue.read(reader, memory.asSlice((long) i * BLOCK, BLOCK), (long) i * BLOCK, i);
            }
            queue.submit();
            try (DirectFile writer = writer(path)) {
                assertEquals(8, queue.pending(), "completions are kept for await");
                writer.write(heap(filled(SIZE, 2)), 0);
            }
            finish(queue);
            assertArrayEquals(filled(8 * BLOCK, 1), bytesOf(memory));
            assertReads(filled(SIZE, 2), reader);
        }
        return true;
    }

    /** Two owners of queues with reads under way open writers: each waits for the other's reads. */
    @Test
    void ownersOfQueuesThatOpenWritersDoNotWaitForEachOther() throws Exception {
        Path path = path();
        written(path, 1);
        CountDownLatch ready = new CountDownLatch(2);
        try (DirectFile reader = reader(path)) {
            Background<Boolean> one = Background.call(() -> openWith(reader, path, ready));
            Background<Boolean> two = Background.call(() -> openWith(reader, path, ready));
            assertTrue(one.result() && two.result());
            assertReads(filled(SIZE, 1), reader);
        }
    }

    private boolean openWith(DirectFile reader, Path path, CountDownLatch ready) throws Exception {
        MemorySegment memory = arena.allocate(4L * BLOCK);
        try (DirectQueue queue = queue(2)) {
            queue.read(reader, memory, 0, 1);
            queue.submit();
            ready.countDown();
            assertTrue(ready.await(PATIENCE, TimeUnit.SECONDS));
            writer(path).close();
            finish(queue);
        }
        return true;
    }

    /** More openers than control threads, and reads past the end, each of which needs one. */
    @Test
    void manyVirtualThreadsOpenWritersWhileOthersRead() throws Exception {
        Path path = path();
        written(path, 1);
        int count = 24;
        CountDownLatch done = new CountDownLatch(2 * count);
        try (DirectFile reader = reader(path)) {
            for (int i = 0; i < count; i++) {
                start(done, () -> writer(path).close());
                start(done, () -> read(reader, 0, SIZE + BLOCK));
            }
            assertTrue(done.await(PATIENCE, TimeUnit.SECONDS), "left: " + done.getCount());
            assertReads(filled(SIZE, 1), reader);
        }
    }

    private static void start(CountDownLatch done, Executable call) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            for (int i = 0; i < 5; i++) {
                                assertDoesNotThrow(call);
                            }
                            done.countDown();
                        });
    }
}
