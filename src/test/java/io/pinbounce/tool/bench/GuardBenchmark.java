package io.pinbounce.tool.bench;

import io.pinbounce.buffer.PinnedArena;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How fast guards are computed, by one thread: the rows {@code pass:bytes} are in bytes per
 * nanosecond, which are GB/s. Data of 512 bytes to 1 MiB stays in the cache, 1 GiB streams from
 * memory; a guarded copy has intervals of 4 KiB. A contestant that cannot run here fails, and says
 * what to install.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.args=GuardBenchmark} takes less than three
 * minutes and 2 GiB of memory. These are absolute figures, good for one machine at one time; for
 * comparisons see {@link GuardRatios}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class GuardBenchmark {

    /** Bytes of data. */
    @Param({"512", "4096", "65536", "1048576", "1073741824"})
    public long size;

    /** What computes the guards. */
    @Param public GuardContestant contestant = GuardContestant.COPY;

    private final PinnedArena arena = PinnedArena.ofShared();

    private @Nullable GuardBuffers allocated;

    /** Counts what was worked on; JMH divides it by the time. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Counter {

        /** Bytes so far. */
        public long bytes;
    }

    /** Allocates the data. */
    @Setup
    public void open() {
        if (!contestant.missing().isEmpty()) {
            throw new IllegalStateException(contestant.missing());
        }
        allocated = GuardBuffers.allocate(arena, size);
    }

    /** Frees the data. */
    @TearDown
    public void close() {
        arena.close();
    }

    /** All the data once. */
    @Benchmark
    public long pass(Counter counter) {
        counter.bytes += size;
        return contestant.pass(Objects.requireNonNull(allocated));
    }
}
