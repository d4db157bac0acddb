package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.OnEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.util.List;

/** What a queue refuses at once: the request takes no slot, and the file can be closed. */
class QueueRefusalTest extends QueueContractTest {

    private static final MemorySegment MEMORY = MemorySegment.ofArray(new byte[10]);

    private static void assertRefused(
            Class<? extends Throwable> type, DirectQueue queue, Executable... calls) {
        for (Executable call : calls) {
            assertThrows(type, call);
            assertEquals(0, queue.pending());
        }
    }

    @Test
    void callsOfOtherThreadsAreRefused() throws Exception {
        try (DirectFile file = file(options(), new byte[10]);
                DirectQueue queue = queue(1)) {
            for (Executable call :
                    List.<Executable>of(
                            () -> queue.read(file, MEMORY, 0, 1),
                            () -> queue.read(file, List.of(MEMORY), 0, 1),
                            () -> queue.write(file, MEMORY, 0, 1),
                            () -> queue.write(file, List.of(MEMORY), 0, 1),
                            () -> queue.writeAndForce(file, MEMORY, 0, 1),
                            () -> queue.force(file, 1),
                            queue::submit,
                            () -> queue.poll(_ -> {}),
                            () -> queue.await(0, _ -> {}),
                            queue::pending,
                            queue::engineReason,
                            queue::close)) {
                Throwable e =
                        Background.call(
                                        () -> {
                                            assertThrows(WrongThreadException.class, call);
                                            throw new IOException("as expected");
                                        })
                                .failure();
                assertSays(e, "as expected");
            }
            assertEquals(0, queue.pending());
        }
    }

    @Test
    void aQueueOfAVirtualThreadIsRefused() throws Exception {
        Throwable[] thrown = new Throwable[1];
        Thread.ofVirtual()
                .start(() -> thrown[0] = assertThrows(IllegalStateException.class, () -> queue(1)))
                .join();
        assertSays(thrown[0], "platform thread");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4097, Integer.MAX_VALUE})
    void depthsOutOfRangeAreRefused(int depth) {
        assertSays(
                assertThrows(IllegalArgumentException.class, () -> queue(depth)), "depth=" + depth);
    }

    @Test
    void filesOfAnotherEngineAreRefused() throws IOException {
        SimulatedEngine other = new SimulatedEngine(512, 512);
        try (DirectFile file =
                        OnEngine.file(
                                Path.of("/other"), DirectOptions.readWrite().create(), other);
                DirectQueue queue = queue(1)) {
            assertRefused(
                    IllegalArgumentException.class,
                    queue,
                    () -> queue.read(file, MEMORY, 0, 1),
                    () -> queue.write(file, MEMORY, 0, 1),
                    () -> queue.force(file, 1));
        }
        assertEquals(0, other.openHandles());
    }

    @Test
    @SuppressWarnings("try") // closing early is what is tested
    void closedQueuesAndFilesAreRefused() throws IOException {
        DirectFile file = file(options(), new byte[10]);
        try (DirectQueue queue = queue(1)) {
            file.close();
            assertRefused(
                    ClosedChannelException.class,
                    queue,
                    () -> queue.read(file, MEMORY, 0, 1),
                    () -> queue.write(file, MEMORY, 0, 1),
                    () -> queue.force(file, 1));
            queue.close();
            assertRefused(
                    IllegalStateException.class,
                    queue,
                    () -> queue.read(file, MEMORY, 0, 1),
                    queue::submit,
                    () -> queue.poll(_ -> {}));
        }
    }

    @Test
    void writesToReadOnlyFilesAreRefused() throws IOException {
        Path path = place.newPath();
        create(path).close();
        DirectOptions readOnly = DirectOptions.readOnly().directIo(place.directIo());
        try (DirectFile file = open(path, readOnly);
                DirectQueue queue = queue(1)) {
            assertRefused(
                    NonWritableChannelException.class,
                    queue,
                    () -> queue.write(file, MEMORY, 0, 1),
                    () -> queue.writeAndForce(file, MEMORY, 0, 1));
        }
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // its thread has ended: no thread may close it
    void wrongPositionsAndMemoryAreRefused() throws Exception {
        MemorySegment gone;
        try (Arena closed = Arena.ofConfined()) {
            gone = closed.allocate(10);
        }
        MemorySegment foreign = Background.call(() -> Arena.ofConfined().allocate(10)).result();
        try (DirectFile file = file(options(), new byte[10]);
                DirectQueue queue = queue(1)) {
            assertRefused(
                    IllegalArgumentException.class,
                    queue,
                    () -> queue.read(file, MEMORY, -1, 1),
                    () -> queue.write(file, MEMORY, Long.MAX_VALUE - 5, 1));
            assertRefused(IllegalStateException.class, queue, () -> queue.read(file, gone, 0, 1));
            assertRefused(
                    WrongThreadException.class, queue, () -> queue.write(file, foreign, 0, 1));
            queue.read(file, MEMORY.asReadOnly(), 0, 1);
            queue.await(1, done -> assertThrows(IllegalArgumentException.class, done::bytes));
            queue.read(file, MEMORY, 0, 1);
            queue.await(1, done -> assertEquals(10, done.bytes()));
        }
    }
}
