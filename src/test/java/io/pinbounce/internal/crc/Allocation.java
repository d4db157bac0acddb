package io.pinbounce.internal.crc;

import java.lang.reflect.Method;

/** Measures how much memory the current thread allocates. */
public final class Allocation {

    private static final int RUNS = 1000;

    private Allocation() {}

    /**
     * Heap bytes that one run allocates once it is warm, on average; the least of several rounds,
     * since the runtime itself allocates now and then.
     */
    public static long perRun(Runnable run) {
        try {
            // By reflection, since the module under test does not require the management modules.
            Object threads =
                    Class.forName("java.lang.management.ManagementFactory")
                            .getMethod("getThreadMXBean")
                            .invoke(null);
            Method allocated =
                    Class.forName("com.sun.management.ThreadMXBean")
                            .getMethod("getCurrentThreadAllocatedBytes");
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                long before = (long) allocated.invoke(threads);
                for (int i = 0; i < RUNS; i++) {
                    run.run();
                }
                long after = (long) allocated.invoke(threads);
                least = Math.min(least, (after - before) / RUNS);
            }
            return least;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
