package io.pinbounce.tool.bench;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * What was done in a stretch of time. Immutable.
 *
 * @param requests completed
 * @param nanos it took
 * @param cpu time of processors that it took, in all threads
 * @param flushes of the device's cache, by any process; 0 if unknown
 */
record Measurement(long requests, double nanos, CpuTime cpu, long flushes) {

    /** Without flushes, and without knowing in which mode processors were. */
    Measurement(long requests, double nanos, double cpuNanos) {
        this(requests, nanos, new CpuTime(cpuNanos, 0, 0), 0);
    }

    /** Counts requests as they end, and the processors' time of all threads of this process. */
    static final class Clock {

        private final LongSupplier requests;

        private final LongSupplier flushes;

        private final long startFlushes;

        private final long startRequests;

        private final long startNanos;

        private final CpuTime.Snapshot startCpu;

        /**
         * Starts to count.
         *
         * @param requests how many have ended by now
         */
        Clock(LongSupplier requests) throws IOException {
            this(requests, () -> 0);
        }

        /**
         * Starts to count.
         *
         * @param requests how many have ended by now
         * @param flushes how many there were by now
         */
        Clock(LongSupplier requests, LongSupplier flushes) throws IOException {
            this.requests = requests;
            this.flushes = flushes;
            startFlushes = flushes.getAsLong();
            startCpu = CpuTime.Snapshot.take();
            startRequests = requests.getAsLong();
            startNanos = System.nanoTime();
        }

        /** What was done since the start. */
        Measurement stop() throws IOException {
            long nanos = System.nanoTime() - startNanos;
            long done = requests.getAsLong() - startRequests;
            CpuTime cpu = CpuTime.Snapshot.take().since(startCpu);
            return new Measurement(done, nanos, cpu, flushes.getAsLong() - startFlushes);
        }
    }

    double perSecond() {
        return requests / nanos * 1e9;
    }

    double cpuNanos() {
        return cpu.nanos();
    }

    double cpuMicros() {
        return cpu.nanos() / requests / 1e3;
    }

    double flushesPer1000() {
        return 1e3 * flushes / requests;
    }

    /** The same with more, or less, processor time for each request. */
    Measurement plusCpuNanos(double each) {
        CpuTime more = new CpuTime(cpu.nanos() + requests * each, cpu.user(), cpu.system());
        return new Measurement(requests, nanos, more, flushes);
    }
}
