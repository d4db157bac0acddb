package io.pinbounce.internal.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class GateTest {

    private static final String WAIT = "awaitUntil";

    private final Gate gate = new Gate("closed, open it again");

    @Test
    void closingWaitsForThoseInside() throws Exception {
        gate.enter();
        gate.enter();
        Background<Boolean> closer = Background.call(() -> close(gate)).awaitWaitingIn(WAIT);
        gate.exit();
        closer.awaitWaitingIn(WAIT);
        gate.exit();
        assertTrue(closer.result());
    }

    @Test
    void newcomersAreRefusedFromThenOn() throws Exception {
        gate.enter();
        Background<Boolean> closer = Background.call(() -> close(gate)).awaitWaitingIn(WAIT);
        ClosedChannelException e = assertThrows(ClosedChannelException.class, gate::enter);
        assertEquals("closed, open it again", e.getMessage());
        closer.awaitWaitingIn(WAIT);
        gate.exit();
        assertTrue(closer.result());
        assertThrows(ClosedChannelException.class, gate::enter);
    }

    @Test
    void onlyOneOfThoseWhoCloseIsTheFirst() throws Exception {
        gate.enter();
        Background<Boolean> first = Background.call(() -> close(gate)).awaitWaitingIn(WAIT);
        Background<Boolean> second = Background.call(() -> close(gate)).awaitWaitingIn(WAIT);
        gate.exit();
        assertTrue(first.result());
        assertFalse(second.result());
        assertFalse(close(gate));
    }

    @Test
    void anInterruptNeitherEndsTheWaitNorGetsLost() throws Exception {
        gate.enter();
        Background<Boolean> closer =
                Background.call(() -> close(gate) && Thread.currentThread().isInterrupted())
                        .awaitWaitingIn(WAIT);
        closer.interrupt();
        Thread.sleep(50);
        assertFalse(closer.isDone(), "the wait goes on");
        gate.exit();
        assertTrue(closer.result(), "the status is kept");
    }

    /** Many gates, closed in the middle of traffic: each is empty then, and no thread hangs. */
    @Test
    void aClosedGateIsEmpty() throws Exception {
        for (int round = 0; round < 100; round++) {
            Gate busy = new Gate("closed, open it again");
            AtomicInteger inside = new AtomicInteger();
            AtomicBoolean closed = new AtomicBoolean();
            List<Background<Integer>> users = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                users.add(Background.call(() -> useUntilClosed(busy, inside, closed)));
            }
            assertTrue(Background.call(() -> close(busy)).result());
            closed.set(true);
            assertEquals(0, inside.get());
            for (Background<Integer> user : users) {
                assertEquals(0, user.result(), "entered a gate that was closed");
            }
        }
    }

    private static boolean close(Gate gate) {
        boolean first = gate.close();
        gate.awaitEmpty();
        return first;
    }

    /** Returns how often it was let in although the gate had been closed before. */
    private static int useUntilClosed(Gate gate, AtomicInteger inside, AtomicBoolean closed) {
        int late = 0;
        while (true) {
            try {
                gate.enter();
            } catch (ClosedChannelException e) {
                return late;
            }
            inside.incrementAndGet();
            late += closed.get() ? 1 : 0;
            inside.decrementAndGet();
            gate.exit();
        }
    }
}
