package io.pinbounce.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * What one side got done. Immutable.
 *
 * @param requests completed
 * @param nanos it took
 * @param cpuNanos that processors were busy with it, in user and system mode; 0 if unknown
 * @param flushes of the device's cache, whoever caused them; 0 if unknown
 */
record Run(long requests, double nanos, double cpuNanos, long flushes) {

    private static final Path TASKS = Path.of("/proc/self/task");

    private static final Pattern COMPILER = Pattern.compile("C[12] ");

    /** Without flushes. */
    Run(long requests, double nanos, double cpuNanos) {
        this(requests, nanos, cpuNanos, 0);
    }

    /** Counts requests as they end, and the processors' time of all threads of this process. */
    static final class Clock {

        private final LongSupplier requests;

        private final LongSupplier flushes;

        private final long startFlushes;

        private final long startRequests;

        private final long startNanos;

        private final long startCpuNanos;

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
            startCpuNanos = processCpuNanos();
            startRequests = requests.getAsLong();
            startNanos = System.nanoTime();
        }

        /** What was done since the start. */
        Run stop() throws IOException {
            long nanos = System.nanoTime() - startNanos;
            long done = requests.getAsLong() - startRequests;
            double cpuNanos = processCpuNanos() - startCpuNanos;
            return new Run(done, nanos, cpuNanos, flushes.getAsLong() - startFlushes);
        }
    }

    double perSecond() {
        return requests / nanos * 1e9;
    }

    double cpuMicros() {
        return cpuNanos / requests / 1e3;
    }

    double flushesPer1000() {
        return 1e3 * flushes / requests;
    }

    /** The same with more, or less, processor time for each request. */
    Run plusCpuNanos(double each) {
        return new Run(requests, nanos, cpuNanos + requests * each, flushes);
    }

    /**
     * All threads but those that compile: what they do ends, and has no part in a request. The
     * kernel counts in nanoseconds here, in hundredths of a second elsewhere.
     */
    private static long processCpuNanos() throws IOException {
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                sum += cpuNanos(task);
            }
        }
        return sum;
    }

    /** The first number of schedstat: time on a processor (Documentation/scheduler, Linux). */
    private static long cpuNanos(Path task) throws IOException {
        try {
            if (COMPILER.matcher(Files.readString(task.resolve("comm"))).lookingAt()) {
                return 0;
            }
            String text = Files.readString(task.resolve("schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (NoSuchFileException e) {
            return 0; // the thread has ended meanwhile
        }
    }
}
