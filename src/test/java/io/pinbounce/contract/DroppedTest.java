package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.IoService;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Hold;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.thread.QueueOwner;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What was dropped without being closed is ended, but not before what it has in flight. */
@SuppressWarnings("MustBeClosed") // dropping it is the point
class DroppedTest extends QueueContractTest {

    /** As many collections as end an object that nothing keeps. */
    private static final int MANY = 5;

    static Stream<Place> places() {
        return placesWithRing();
    }

    private static void collectUntil(String what, BooleanSupplier reached) throws Exception {
        long start = System.nanoTime();
        while (!reached.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE), what);
            collect();
        }
    }

    private static void collect() throws InterruptedException {
        System.gc();
        Thread.sleep(Duration.ofMillis(10));
    }

    @Test
    void droppedQueuesOfALiveThreadAreClosed() throws Exception {
        Path path = place.newPath();
        try (DirectFile file = create(path)) {
            file.write(heap(filled(BLOCK, 1)), 0);
            useOneAndDropIt(file); // loads what keeps descriptors
            collectUntil("a queue is kept", () -> QueueOwner.queues().isEmpty());
            Supplier<Set<String>> left = place.watchHandles();
            for (int i = 0; i < 20; i++) {
                useOneAndDropIt(file);
            }
            collectUntil("queues are kept", () -> QueueOwner.queues().isEmpty());
            assertEquals(Set.of(), left.get());
        }
    }

    private void useOneAndDropIt(DirectFile file) throws IOException {
        DirectQueue queue = queue(2);
        MemorySegment back = arena.allocate(BLOCK);
        queue.read(file, back, 0, 1);
        finish(queue);
        assertArrayEquals(filled(BLOCK, 1), bytesOf(back));
    }

    @Test
    void aDroppedFileIsClosed() throws Exception {
        Supplier<Set<String>> left = place.watchHandles();
        Path path = place.newPath();
        for (int i = 0; i < 10; i++) {
            create(path).write(heap(filled(BLOCK, 1)), 0);
        }
        collectUntil("files are kept", () -> left.get().isEmpty());
    }

    /** The lock of the sidecar is free again, and its tuples are stored. */
    @Test
    void aDroppedFileWithASidecarOpensAgainWithItsTuples() throws Exception {
        Path path = place.newPath();
        DirectOptions options = options().create().protection(Protection.t10(BLOCK).sidecar());
        Supplier<Set<String>> left = place.watchHandles();
        open(path, options).write(heap(filled(BLOCK, 1)), 0);
        collectUntil("the file is kept", () -> left.get().isEmpty());
        try (DirectFile file = open(path, options)) {
            assertArrayEquals(filled(BLOCK, 1), read(file, 0, BLOCK));
        }
    }

    @Test
    void aDroppedFileStaysOpenUntilItsRequestIsDone() throws Exception {
        Hold hold = new Hold();
        HookedEngine engine = new HookedEngine(place.engine(), hold);
        Supplier<Set<String>> left = place.watchHandles();
        hold.close();
        CompletableFuture<?> write = writeAndDrop(engine);
        hold.awaitArrival();
        for (int i = 0; i < MANY; i++) {
            collect();
        }
        assertFalse(write.isDone());
        assertFalse(left.get().isEmpty(), "it is open");
        hold.open();
        write.get(PATIENCE, TimeUnit.SECONDS);
        collectUntil("the file is kept", () -> left.get().isEmpty());
    }

    private CompletableFuture<?> writeAndDrop(IoEngine engine) throws IOException {
        DirectFile file = open(place.newPath(), options().create(), engine);
        return file.writeAsync(heap(filled(BLOCK, 1)), 0);
    }

    @Test
    void aDroppedQueueKeepsMemoryAndRangesUntilItsTransfersEnd() throws Exception {
        Hold hold = new Hold();
        HookedEngine engine = new HookedEngine(place.engine(), hold);
        PinnedArena memory = PinnedArena.ofShared();
        try (DirectFile file =
                open(place.newPath(), options().create().protection(GUARDED), engine)) {
            file.write(heap(filled(2 * BLOCK, 1)), 0);
            hold.close();
            WeakReference<DirectQueue> queue = writeAndDrop(file, engine, memory);
            hold.awaitArrival();
            Background<Long> read = Background.call(() -> file.read(heap(new byte[BLOCK]), 0));
            read.awaitWaitingIn("awaitUntil");
            collectUntil("the queue is kept", () -> queue.get() == null);
            for (int i = 0; i < MANY; i++) {
                collect();
            }
            assertThrows(IllegalStateException.class, memory::close);
            assertFalse(read.isDone(), "the range is held");
            hold.open();
            assertEquals(BLOCK, read.result());
            collectUntil("the queue is not ended", () -> QueueOwner.queues().isEmpty());
            memory.close();
            assertArrayEquals(filled(BLOCK, 2), read(file, 0, BLOCK)); // it had reached the disk
        }
    }

    private static WeakReference<DirectQueue> writeAndDrop(
            DirectFile file, IoEngine engine, PinnedArena memory) throws IOException {
        DirectQueue queue = OnEngine.queue(2, Engine.SYSCALL, engine);
        MemorySegment block = memory.allocate(BLOCK).fill((byte) 2);
        queue.write(file, block, 0, 1);
        queue.submit();
        queue.read(file, memory.allocate(BLOCK), BLOCK, 2); // never sent
        return new WeakReference<>(queue);
    }

    /** The collector finds queues while their owner carries on with them in its other calls. */
    @Test
    void aThreadMayUseAFileWhileItsDroppedQueuesAreCollected() throws Exception {
        try (DirectFile file = file(options().protection(GUARDED), new byte[BLOCK])) {
            for (int i = 0; i < 50; i++) {
                dropUnderWay(file, i);
                if (i % 5 == 0) {
                    collect();
                }
                file.write(heap(filled(BLOCK, i)), 0); // waits for what was dropped
                assertArrayEquals(filled(BLOCK, i), read(file, 0, BLOCK));
            }
            collectUntil("queues are kept", () -> QueueOwner.queues().isEmpty());
        }
    }

    private void dropUnderWay(DirectFile file, int value) throws IOException {
        DirectQueue queue = queue(2);
        queue.write(file, heap(filled(BLOCK, value + 100)), 0, 1);
        queue.write(file, heap(filled(10, value + 100)), BLOCK + 10, 2); // makes it longer
        if (value % 2 == 0) {
            queue.submit();
        }
    }

    @Test
    void aDroppedServiceEndsItsThreads() throws Exception {
        Supplier<Set<String>> left = place.watchHandles();
        long threads = ringThreads();
        for (int i = 0; i < 3; i++) {
            OnEngine.service(2, 4, Engine.AUTO, place.engine());
        }
        assertEquals(threads + 6, ringThreads());
        collectUntil("threads are kept", () -> ringThreads() == threads);
        collectUntil("descriptors are kept", () -> left.get().isEmpty());
    }

    @Test
    void aFileKeepsTheServiceThatItUsesRunning() throws Exception {
        long threads = ringThreads();
        readAfterCollections(threads + 1);
        collectUntil("threads are kept", () -> ringThreads() == threads);
    }

    private void readAfterCollections(long threads) throws Exception {
        try (DirectFile file = openWithServiceOfItsOwn(place.newPath())) {
            for (int i = 0; i < MANY; i++) {
                collect();
            }
            assertEquals(threads, ringThreads());
            MemorySegment memory = arena.allocate(BLOCK);
            assertEquals(BLOCK, file.readAsync(memory, 0).get(PATIENCE, TimeUnit.SECONDS));
        }
    }

    private DirectFile openWithServiceOfItsOwn(Path path) throws IOException {
        IoService service = OnEngine.service(1, 4, Engine.AUTO, place.engine());
        DirectFile file =
                OnEngine.file(path, options().create().ioService(service), place.engine());
        file.write(heap(filled(BLOCK, 1)), 0);
        return file;
    }

    private static long ringThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pinbounce-ring-"))
                .count();
    }
}
