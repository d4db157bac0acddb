package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

class MeasurementTest {

    /** What the kernel may count too much: ten milliseconds for each of some threads. */
    private static final long TICKS_NANOS = 1_000_000_000;

    @Test
    void figuresAreForEachRequest() {
        Measurement measured = new Measurement(2_000, 1e9, 4e6);
        assertEquals(2_000, measured.perSecond(), 1e-9);
        assertEquals(2, measured.cpuMicros(), 1e-9);
        assertEquals(2.5, measured.plusCpuNanos(500).cpuMicros(), 1e-9);
    }

    /** A thread that is busy is seen, and what was counted before the start is not. */
    @Test
    void theClockCountsWhatWasDoneSinceItStarted() throws IOException {
        AtomicLong done = new AtomicLong(100);
        AtomicLong flushes = new AtomicLong(7);
        long start = System.nanoTime();
        Measurement.Clock clock = new Measurement.Clock(done::get, flushes::get);
        long expected = 20_000_000;
        for (long i = 0; i < expected; i++) {
            done.incrementAndGet();
        }
        flushes.incrementAndGet();
        Measurement measured = clock.stop();
        long nanos = System.nanoTime() - start;
        assertEquals(expected, measured.requests());
        assertEquals(1e3 / expected, measured.flushesPer1000(), 1e-9);
        assertTrue(measured.cpuNanos() > 1_000_000, () -> measured.toString());
        double most = nanos * (double) Runtime.getRuntime().availableProcessors();
        assertTrue(measured.cpuNanos() < most + TICKS_NANOS, () -> measured + " most=" + most);
    }
}
