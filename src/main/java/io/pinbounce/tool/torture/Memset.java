package io.pinbounce.tool.torture;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * A thread that clears the whole buffer once during each operation. The buffer is filled with ones
 * before it.
 *
 * <p>A single change has to hit the time between the guard's computation and the device's transfer.
 * So the moment is drawn anew for each operation, from the time that an operation takes where no
 * thread waits for a processor, counted from the moment the writer enters the call. It enters once
 * the memset thread is at work, which on a busy machine may have to wait for a processor. The two
 * threads live as long as the cell and wait for each other spinning: starting a thread takes longer
 * than a write.
 *
 * <pre>
 *   writer            announced ------------> entered, operates --------> waits for done
 *   memset thread               ready -------> waits for its moment, clears, done
 * </pre>
 */
final class Memset implements Disturbance {

    /** Spins before a thread yields its processor, which the other thread may need to go on. */
    private static final int SPINS = 1000;

    private final MemorySegment buffer;

    private final SplittableRandom random;

    private final Thread thread = new Thread(this::clear, "torture-memset");

    private volatile boolean stopped;

    /** Number of the operation that is under way, or was last. Written by the writer alone. */
    private volatile long announced;

    /** Number of the operation that the memset thread waits for. Written by it alone. */
    private volatile long ready;

    /** Number of the operation that has begun. Written by the writer alone. */
    private volatile long entered;

    /** Number of the last operation whose memset is done. Written by the memset thread alone. */
    private volatile long done;

    /** When the writer entered, and how long after that to clear; published by {@link #entered}. */
    private long enteredNanos;

    private long delayNanos;

    /**
     * How long an undelayed operation takes: falls at once and rises slowly, since on a busy
     * machine the average is mostly time that threads wait for a processor.
     */
    private long usualNanos = Long.MAX_VALUE;

    private Memset(MemorySegment buffer, SplittableRandom random) {
        this.buffer = buffer;
        this.random = random;
    }

    static Memset start(MemorySegment buffer, SplittableRandom random) {
        Memset memset = new Memset(buffer, random);
        memset.thread.setDaemon(true);
        memset.thread.start();
        return memset;
    }

    @Override
    public void begin() {
        buffer.fill((byte) 0xff);
        long current = done + 1;
        announced = current; // the memset thread waits for it
        for (int spins = 1; ready != current; spins++) {
            pause(spins);
        }
        delayNanos = usualNanos == Long.MAX_VALUE ? 0 : random.nextLong(usualNanos + 1);
        enteredNanos = System.nanoTime();
        entered = current; // the memset thread waits for it
    }

    @Override
    public void end() {
        long took = System.nanoTime() - enteredNanos;
        usualNanos = took < usualNanos ? took : usualNanos + usualNanos / 8;
        long current = announced;
        for (int spins = 1; done != current; spins++) {
            pause(spins);
        }
    }

    private void clear() {
        long last = 0;
        for (int spins = 1; !stopped; spins++) {
            if (announced == last) {
                pause(spins);
                continue;
            }
            ready = last + 1; // the writer waits for it
            for (spins = 1; entered == last; spins++) {
                pause(spins);
            }
            last++;
            while (System.nanoTime() - enteredNanos < delayNanos) {
                Thread.onSpinWait();
            }
            buffer.fill((byte) 0);
            done = last; // the writer waits for it
            spins = 0;
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // only speed depends on it, and parking takes too long
    private static void pause(int spins) {
        if (spins % SPINS == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    @Override
    public long mutations() {
        return done;
    }

    @Override
    public void close() {
        stopped = true;
        Disturbance.join(thread);
    }
}
