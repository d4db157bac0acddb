package io.pinbounce.tool.bench;

import io.pinbounce.DirectFile;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One read at a time on a platform thread, in turn by {@link DirectFile} and by the JDK's channel
 * with direct I/O, from the same positions in the same memory.
 */
final class SingleReads {

    private static final int SIZE = 4096;

    /** Reads of each side, for one median. */
    private static final int READS = 1001;

    private final Traffic traffic = Traffic.randomReads(SIZE, 1);

    private final long[] ours = new long[READS];

    private final long[] theirs = new long[READS];

    private long next;

    /** A measurement is the median of many reads. */
    Paired<Measurement> measure(BenchFile target, int pairs) throws IOException {
        List<Measurement> our = new ArrayList<>();
        List<Measurement> their = new ArrayList<>();
        try (PinnedArena arena = PinnedArena.ofConfined();
                DirectFile file = target.open(Transfer.PIN);
                FileChannel channel = target.openChannel()) {
            MemorySegment memory = arena.allocate(SIZE);
            ByteBuffer buffer = memory.asByteBuffer();
            for (int pair = -2; pair < pairs; pair++) {
                for (int i = 0; i < READS; i++) {
                    if (i % 2 == 0) {
                        ours[i] = read(file, memory);
                        theirs[i] = read(channel, buffer);
                    } else {
                        theirs[i] = read(channel, buffer);
                        ours[i] = read(file, memory);
                    }
                }
                if (pair >= 0) { // the JIT is done by then
                    our.add(median(ours));
                    their.add(median(theirs));
                }
            }
        }
        return new Paired<>(our, their);
    }

    private long read(DirectFile file, MemorySegment memory) throws IOException {
        long position = traffic.position(next++);
        long start = System.nanoTime();
        file.read(memory, position);
        return System.nanoTime() - start;
    }

    private long read(FileChannel channel, ByteBuffer buffer) throws IOException {
        long position = traffic.position(next++);
        long start = System.nanoTime();
        channel.read(buffer.clear(), position);
        return System.nanoTime() - start;
    }

    private static Measurement median(long[] nanos) {
        double[] sorted = Arrays.stream(nanos).asDoubleStream().sorted().toArray();
        return new Measurement(1, Ratio.median(sorted), 0);
    }
}
