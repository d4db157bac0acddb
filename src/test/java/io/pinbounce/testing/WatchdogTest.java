package io.pinbounce.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

class WatchdogTest {

    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void workThatDoesNotEndFailsWithItsStateAndTheStacksOfAllThreads() {
        AssertionError hang =
                assertThrows(
                        AssertionError.class,
                        () -> Watchdog.watch(Duration.ofMillis(100), () -> "queue=3", this::hang));
        String message = String.valueOf(hang.getMessage());
        assertTrue(message.contains("queue=3"), message);
        assertTrue(message.contains("WatchdogTest.hang"), message);
        assertTrue(message.contains("CountDownLatch$Sync"), message);
    }

    @Test
    void aFailureTellsOfVirtualThreadsAndFieldsOfObjects() {
        Thread.ofVirtual().start(this::hangOnAVirtualThread);
        List<Subject> subjects = List.of(new Subject(23), new Subject(42));
        AssertionError e =
                assertThrows(
                        AssertionError.class,
                        () ->
                                Watchdog.call(
                                        Duration.ofSeconds(1),
                                        () -> Fields.of(subjects, subjects.getFirst()),
                                        Executors.callable(this::hang)));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("hangOnAVirtualThread"), message);
        assertEquals(2, message.lines().filter(line -> line.contains(": held=")).count(), message);
    }

    /** Something that a failure is to tell about. */
    private record Subject(int held) {}

    private void hangOnAVirtualThread() {
        hang();
    }

    private void hang() {
        try {
            never.await();
        } catch (InterruptedException _) {
            // The watchdog ends what it leaves behind.
        }
    }

    @Test
    void whatTheWorkThrowsIsThrown() {
        Watchdog.watch(Watchdog.PATIENCE, () -> "", () -> {});
        IllegalStateException thrown = new IllegalStateException("it failed");
        Runnable fails =
                () -> {
                    throw thrown;
                };
        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> Watchdog.watch(Watchdog.PATIENCE, () -> "", fails)));
    }
}
