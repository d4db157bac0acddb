package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

/** A few intervals of random data, with tuples in metadata that was random before. */
record ProtectedIntervals(
        PiContext context, MemorySegment data, MemorySegment metadata, long firstInterval) {

    static final int COUNT = 3;

    static ProtectedIntervals random(PiContext context, long seed, long firstInterval) {
        Random random = new Random(seed);
        byte[] data = new byte[COUNT * context.interval()];
        byte[] metadata = new byte[COUNT * context.metadataSize()];
        random.nextBytes(data);
        random.nextBytes(metadata);
        ProtectedIntervals intervals =
                new ProtectedIntervals(
                        context,
                        MemorySegment.ofArray(data),
                        MemorySegment.ofArray(metadata),
                        firstInterval);
        Pi.generate(context, intervals.data, intervals.metadata, firstInterval);
        return intervals;
    }

    List<PiMismatch> verify() {
        return Pi.verify(context, data, metadata, firstInterval);
    }

    MemorySegment metadataCopy() {
        return MemorySegment.ofArray(metadata.toArray(ValueLayout.JAVA_BYTE));
    }

    /** Flips a bit of an interval, its metadata after its data, and says in which byte it was. */
    int flip(int interval, int bit) {
        int at = bit / 8;
        boolean inData = at < context.interval();
        MemorySegment memory = inData ? data : metadata;
        long offset =
                inData
                        ? (long) interval * context.interval() + at
                        : (long) interval * context.metadataSize() + at - context.interval();
        byte old = memory.get(ValueLayout.JAVA_BYTE, offset);
        memory.set(ValueLayout.JAVA_BYTE, offset, (byte) (old ^ (1 << (bit % 8))));
        return at;
    }

    PiTuple tuple(int interval) {
        return PiTuple.read(context, metadata, tupleAt(interval));
    }

    void putTuple(int interval, PiTuple tuple) {
        tuple.write(context, metadata, tupleAt(interval));
    }

    private long tupleAt(int interval) {
        return (long) interval * context.metadataSize() + context.tupleOffset();
    }
}
