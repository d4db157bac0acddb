package io.pinbounce.internal.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.uring.UringEngine;
import io.pinbounce.testing.Background;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;

class ToldTest {

    private static final int REQUESTS = 64;

    private static final int TELLERS = 3;

    private static final int TELLS = 50_000;

    private final QueueDriver queue = new QueueDriver(UringEngine.system(), new IdleRing(1));

    private final List<QueuedRequest> requests = new ArrayList<>();

    private final Told told = new Told();

    ToldTest() {
        for (int i = 0; i < REQUESTS; i++) {
            requests.add(new QueuedRequest(i, queue, told));
        }
    }

    @AfterEach
    void closeTheQueue() throws IOException {
        queue.close();
    }

    private List<Integer> takeAll() {
        List<Integer> taken = new ArrayList<>();
        @Nullable QueuedRequest request = told.takeAll();
        while (request != null) {
            QueuedRequest next = Told.next(request);
            taken.add(request.slot);
            request = next;
        }
        return taken;
    }

    @Test
    void onlyThoseThatWereToldAreTakenInThatOrderAndOnce() {
        assertTrue(told.isEmpty());
        assertNull(told.takeAll());
        assertTrue(told.add(requests.get(5)));
        assertTrue(told.add(requests.get(1)));
        assertFalse(told.add(requests.get(5)), "it is there");
        assertTrue(told.add(requests.get(9)));
        assertFalse(told.isEmpty());
        assertEquals(List.of(5, 1, 9), takeAll());
        assertTrue(told.isEmpty());
        assertEquals(List.of(), takeAll());
        assertTrue(told.add(requests.get(5)));
        assertEquals(List.of(5), takeAll());
    }

    @Test
    void whatIsToldWhileItIsLookedAtIsTakenAgain() {
        told.add(requests.get(0));
        QueuedRequest taken = Objects.requireNonNull(told.takeAll());
        assertFalse(told.add(requests.get(0)), "it was not looked at yet");
        assertNull(Told.next(taken));
        assertTrue(told.add(requests.get(0)));
        assertEquals(List.of(0), takeAll());
    }

    @Test
    void noTellIsMissedHoweverManyThreadsTell() throws Exception {
        long seed = System.nanoTime();
        AtomicIntegerArray news = new AtomicIntegerArray(REQUESTS);
        List<Background<Integer>> tellers = new ArrayList<>();
        for (int i = 0; i < TELLERS; i++) {
            Random random = new Random(seed + i);
            tellers.add(Background.call(() -> tell(news, random)));
        }
        long seen = 0;
        boolean ended = false;
        while (!ended) {
            ended = tellers.stream().allMatch(Background::isDone);
            for (int slot : takeAll()) {
                seen += news.getAndSet(slot, 0);
            }
        }
        for (Background<Integer> teller : tellers) {
            assertEquals(TELLS, teller.result());
        }
        assertEquals((long) TELLERS * TELLS, seen, "seed=" + seed);
    }

    private int tell(AtomicIntegerArray news, Random random) {
        for (int i = 0; i < TELLS; i++) {
            int slot = random.nextInt(REQUESTS);
            news.getAndIncrement(slot);
            told.add(requests.get(slot));
        }
        return TELLS;
    }
}
