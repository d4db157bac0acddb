package io.pinbounce.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.IoService;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.contract.Place;
import io.pinbounce.testing.Fields;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;
import io.pinbounce.testing.Watchdog;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Everything at once: threads of both kinds, futures and queues, on the same files, while memory
 * and descriptors come back with another meaning, and queues are left behind by threads that end.
 * All go on until each has checked {@code -Dpinbounce.stress.checks} blocks, 2,000 or 20,000 unless
 * told.
 */
class RingStressIT {

    private static final long SHARE = Share.of("pinbounce.stress.checks", 2_000, 20_000);

    /** More than ten times what it takes on a busy machine. */
    private static final Duration LIMIT = Watchdog.PATIENCE.multipliedBy(1 + SHARE / 2_000);

    private static final int EACH = 3; // actors of a kind

    private static final int WAYS = 4;

    /** So small that slots run short. */
    private final BouncePool pool = new BouncePool(1 << 17, 1 << 15);

    /** Actors that do not have their share yet. */
    private final AtomicInteger unfinished = new AtomicInteger(WAYS * EACH);

    private volatile boolean failed;

    private final List<StressActor> actors = new ArrayList<>();

    /** The last queue of each actor that uses them, for the dump of what hangs. */
    private final Map<StressActor, DirectQueue> queues = new ConcurrentHashMap<>();

    private long watched;

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
        return !failed && unfinished.get() > 0;
    }

    /**
     * Starts something that goes on until every actor has its share, or anything has failed.
     *
     * @param turn does some more, and returns how much it has done in all
     */
    private FutureTask<Long> start(ThreadFactory threads, Callable<Long> turn) {
        FutureTask<Long> task =
                new FutureTask<>(
                        () -> {
                            try {
                                return takeTurns(turn);
                            } catch (Exception | Error e) {
                                failed = true;
                                throw e;
                            }
                        });
        threads.newThread(task).start();
        return task;
    }

    private long takeTurns(Callable<Long> turn) throws Exception {
        long done;
        do {
            done = turn.call();
        } while (goesOn());
        return done;
    }

    /** Takes down that an actor has its share, once. */
    private long count(StressActor actor, long before) {
        if (before < SHARE && actor.checked() >= SHARE) {
            unfinished.decrementAndGet();
        }
        return actor.checked();
    }

    private StressActor actor(StressFiles files) {
        StressActor actor = new StressActor(files, actors.size(), Seed.value());
        actors.add(actor);
        return actor;
    }

    private FutureTask<Long> actor(StressFiles files, ThreadFactory threads, StressActor.Way way) {
        StressActor actor = actor(files);
        return start(
                threads,
                () -> {
                    long before = actor.checked();
                    actor.step(way);
                    return count(actor, before);
                });
    }

    /** One thread after the other, each of which leaves a queue behind that is not idle. */
    private FutureTask<Long> queues(StressFiles files, ThreadFactory threads) {
        StressActor actor = actor(files);
        return start(
                threads,
                () -> {
                    long before = actor.checked();
                    FutureTask<DirectQueue> life = new FutureTask<>(() -> liveAndLeave(actor));
                    Thread owner = threads.newThread(life);
                    owner.start();
                    owner.join();
                    life.get().close(); // other requests wait until its range is free
                    actor.renew();
                    return count(actor, before);
                });
    }

    @SuppressWarnings("MustBeClosedChecker") // left behind, which is the point
    private DirectQueue liveAndLeave(StressActor actor) throws Exception {
        DirectQueue queue = DirectQueue.open(StressActor.BATCH);
        queues.put(actor, queue);
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

    /**
     * Whether no actor relies on the outcome: the writer of a pinned block must know its version.
     */
    private static boolean mayBeLeft(StressRequest request) {
        return request.kind == StressRequest.Kind.READ
                || request.stamp().number() < StressFiles.number(StressFiles.PINNED, 0);
    }

    /** Memory that no request was to read into: one that wrote to it took it for another. */
    private long watch() throws InterruptedException {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(StressActor.BATCH * (long) Stamp.BLOCK);
            assertEquals(0, sum(memory), "new memory is not zero");
            memory.fill((byte) 1);
            Thread.sleep(1 + watched % 5);
            assertEquals(memory.byteSize(), sum(memory), "a stale request wrote");
        }
        return ++watched;
    }

    private static long sum(MemorySegment memory) {
        long sum = 0;
        for (long i = 0; i < memory.byteSize(); i++) {
            sum += memory.get(ValueLayout.JAVA_BYTE, i);
        }
        return sum;
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
        FutureTask<Long> watch = start(platform, this::watch);
        List<Long> counts = new ArrayList<>();
        for (FutureTask<Long> task : tasks) {
            counts.add(task.get());
        }
        watch.get();
        for (StressActor actor : actors) {
            actor.close();
        }
        return counts;
    }

    @Test
    void everyBlockIsWholeAndTheRightOne() throws Exception {
        Supplier<Set<String>> left = place.watchHandles();
        try (IoService service = IoService.open(2, 8, Engine.AUTO);
                StressFiles files = files(service)) {
            List<Long> counts =
                    Watchdog.call(LIMIT, () -> Fields.of(this, files), () -> run(files));
            System.out.println(
                    "blocks checked by each: " + counts + ", memory watched: " + watched);
            assertTrue(counts.stream().allMatch(count -> count >= SHARE), counts::toString);
        }
        assertEquals(Set.of(), left.get());
    }

    /** The canary: a block that is read from its neighbour's place is seen. */
    @Test
    void canaryABlockReadFromAnotherPositionIsSeen() throws Exception {
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
            IoTest.assertSays(e, "another block");
        }
    }
}
