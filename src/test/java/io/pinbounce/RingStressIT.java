package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Everything at once: threads of both kinds, futures and queues, on the same files, while memory
 * and descriptors come back with another meaning, and queues are left behind by threads that end.
 * Runs for {@code -Dpinbounce.stress.seconds}, 10 unless told.
 */
class RingStressIT {

    private static final long SECONDS = Long.getLong("pinbounce.stress.seconds", 10);

    /** The longest wait once time is up. */
    private static final long PATIENCE = 60; // seconds

    private static final int EACH = 3; // actors of a kind

    /** So small that slots run short. */
    private final BouncePool pool = new BouncePool(1 << 17, 1 << 15);

    private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);

    private volatile boolean failed;

    private int actors;

    /** On the project's own file system: the one for temporary files may be memory. */
    private final Place place = Place.folder(Path.of("target"));

    @AfterEach
    void nothingStays() {
        assertEquals(0, pool.inUse(), "pool bytes in use");
        pool.close();
        place.close();
    }

    private StressFiles files(IoService service) throws IOException {
        return new StressFiles(place, pool, service);
    }

    private boolean goesOn() {
        return !failed && System.nanoTime() - end < 0;
    }

    /** Starts something that ends when the time is up, or when anything else has failed. */
    private FutureTask<Long> start(ThreadFactory threads, Callable<Long> work) {
        FutureTask<Long> task =
                new FutureTask<>(
                        () -> {
                            try {
                                return work.call();
                            } catch (Exception | Error e) {
                                failed = true;
                                throw e;
                            }
                        });
        threads.newThread(task).start();
        return task;
    }

    private StressActor actor(StressFiles files) {
        return new StressActor(files, actors++, Seed.value());
    }

    private FutureTask<Long> actor(StressFiles files, ThreadFactory threads, StressActor.Way way) {
        StressActor actor = actor(files);
        return start(
                threads,
                () -> {
                    while (goesOn()) {
                        actor.step(way);
                    }
                    actor.close();
                    return actor.checked();
                });
    }

    /** One thread after the other, each of which leaves a queue behind that is not idle. */
    private FutureTask<Long> queues(StressFiles files, ThreadFactory threads) {
        StressActor actor = actor(files);
        return start(
                threads,
                () -> {
                    while (goesOn()) {
                        FutureTask<DirectQueue> life = new FutureTask<>(() -> liveAndLeave(actor));
                        Thread owner = threads.newThread(life);
                        owner.start();
                        owner.join();
                        life.get().close(); // before its range is free, others wait
                        actor.renew();
                    }
                    actor.close();
                    return actor.checked();
                });
    }

    @SuppressWarnings("MustBeClosedChecker") // left behind, which is the point
    private DirectQueue liveAndLeave(StressActor actor) throws Exception {
        DirectQueue queue = DirectQueue.open(StressActor.BATCH);
        for (int i = actor.random().nextInt(200); i > 0 && goesOn(); i--) {
            actor.step(requests -> StressWays.queue(queue, requests));
        }
        StressWays.ask(
                queue,
                actor.requests(StressActor.BATCH).stream()
                        .filter(RingStressIT::mayBeLeft)
                        .toList());
        return queue;
    }

    /** Whether nobody relies on the outcome: what is in a pinned block, its writer has to know. */
    private static boolean mayBeLeft(StressRequest request) {
        return request.kind == StressRequest.Kind.READ
                || request.stamp().number() < StressFiles.number(StressFiles.PINNED, 0);
    }

    /** Memory that nobody has asked to be read into: who writes to it took it for another. */
    private long watch() throws InterruptedException {
        long watched = 0;
        while (goesOn()) {
            try (PinnedArena arena = PinnedArena.ofShared()) {
                MemorySegment memory = arena.allocate(StressActor.BATCH * (long) Stamp.BLOCK);
                assertEquals(0, sum(memory), "new memory is not zero");
                memory.fill((byte) 1);
                Thread.sleep(1 + watched % 5);
                assertEquals(memory.byteSize(), sum(memory), "a stale request wrote");
                watched++;
            }
        }
        return watched;
    }

    private static long sum(MemorySegment memory) {
        long sum = 0;
        for (long i = 0; i < memory.byteSize(); i++) {
            sum += memory.get(ValueLayout.JAVA_BYTE, i);
        }
        return sum;
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private List<Long> run(StressFiles files) throws Exception {
        ThreadFactory platform = Thread.ofPlatform().daemon().factory();
        ThreadFactory virtual = Thread.ofVirtual().factory();
        List<FutureTask<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            tasks.add(actor(files, platform, StressWays::blocking));
            tasks.add(actor(files, virtual, StressWays::blocking));
            tasks.add(actor(files, platform, StressWays::futures));
            tasks.add(queues(files, platform));
        }
        tasks.add(start(platform, this::watch));
        List<Long> counts = new ArrayList<>();
        for (FutureTask<Long> task : tasks) {
            counts.add(task.get(SECONDS + PATIENCE, TimeUnit.SECONDS));
        }
        return counts;
    }

    @Test
    void everyBlockIsWholeAndTheRightOne() throws Exception {
        try (IoService service = IoService.open(1, 1, Engine.AUTO)) {
            files(service).close(); // loads what keeps descriptors of its own
        }
        long before = descriptors();
        try (IoService service = IoService.open(2, 8, Engine.AUTO)) {
            List<Long> counts;
            try (StressFiles files = files(service)) {
                counts = run(files);
            }
            System.out.println("blocks checked, and memory watched, by each: " + counts);
            assertTrue(counts.stream().allMatch(count -> count > 0), counts::toString);
        }
        assertEquals(before, descriptors(), "descriptors");
    }

    /** The canary: a block that is read from its neighbour's place is seen. */
    @Test
    void swappedPositionsAreSeen() throws Exception {
        try (IoService service = IoService.open(1, 8, Engine.AUTO);
                StressFiles files =
                        new StressFiles(place, pool, service) {
                            @Override
                            long readPosition(int block) {
                                return super.readPosition(block ^ 1);
                            }
                        };
                StressActor actor = actor(files)) {
            AssertionError e =
                    assertThrows(
                            AssertionError.class,
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    actor.step(StressWays::blocking);
                                }
                            });
            ContractTest.assertSays(e, "another block");
        }
    }
}
