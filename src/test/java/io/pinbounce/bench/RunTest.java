package io.pinbounce.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

class RunTest {

    @Test
    void figuresAreForEachRequest() {
        Run run = new Run(2_000, 1e9, 4e6);
        assertEquals(2_000, run.perSecond(), 1e-9);
        assertEquals(2, run.cpuMicros(), 1e-9);
        assertEquals(2.5, run.plusCpuNanos(500).cpuMicros(), 1e-9);
    }

    /** A thread that is busy is seen, and what was counted before the start is not. */
    @Test
    void theClockCountsWhatWasDoneSinceItStarted() throws IOException {
        AtomicLong done = new AtomicLong(100);
        AtomicLong flushes = new AtomicLong(7);
        Run.Clock clock = new Run.Clock(done::get, flushes::get);
        long start = System.nanoTime();
        while (System.nanoTime() - start < 50_000_000) {
            done.incrementAndGet();
        }
        long expected = done.get() - 100;
        flushes.incrementAndGet();
        Run run = clock.stop();
        assertEquals(expected, run.requests());
        assertEquals(1e3 / expected, run.flushesPer1000(), 1e-9);
        assertTrue(run.nanos() >= 50_000_000, () -> run.toString());
        assertTrue(run.cpuNanos() > 1_000_000, () -> run.toString());
        assertTrue(run.cpuNanos() < 2e9, () -> run.toString());
    }
}
