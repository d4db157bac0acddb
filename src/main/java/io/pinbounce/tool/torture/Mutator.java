package io.pinbounce.tool.torture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;

/**
 * A thread that scribbles: random values of 8 bytes at random aligned places of a buffer, without a
 * pause, from its start until it is closed. It does so during and between operations, so no moment
 * of an operation is safe from it.
 */
final class Mutator implements Disturbance {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment buffer;

    private final SplittableRandom random;

    private final Thread thread = new Thread(this::scribble, "torture-mutator");

    private volatile boolean stopped;

    /** Written by the mutator alone. */
    private volatile long mutations;

    private Mutator(MemorySegment buffer, SplittableRandom random) {
        this.buffer = buffer;
        this.random = random;
    }

    /** Starts one, and returns once it is at work. */
    static Mutator start(MemorySegment buffer, SplittableRandom random) {
        Mutator mutator = new Mutator(buffer, random);
        mutator.thread.setDaemon(true);
        mutator.thread.start();
        while (mutator.mutations == 0) {
            Thread.onSpinWait();
        }
        return mutator;
    }

    private void scribble() {
        long words = buffer.byteSize() / Long.BYTES;
        long count = 0;
        while (!stopped) {
            long bits = random.nextLong();
            long word = Math.unsignedMultiplyHigh(bits, words);
            // Opaque: the compiler may not merge, delay or drop these stores, and adds no fence.
            LONG.setOpaque(buffer, word * Long.BYTES, bits);
            count++;
            mutations = count;
        }
    }

    @Override
    public void begin() {}

    @Override
    public void end() {}

    @Override
    public long mutations() {
        return mutations;
    }

    @Override
    public void close() {
        stopped = true;
        Disturbance.join(thread);
    }
}
