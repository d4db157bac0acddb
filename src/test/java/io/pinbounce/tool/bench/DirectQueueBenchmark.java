package io.pinbounce.tool.bench;

import io.pinbounce.Completion;
import io.pinbounce.CompletionHandler;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A queue of one thread moves blocks of 4 KiB, sixteen at once, in microseconds a request. With the
 * gc profiler, {@code gc.alloc.rate.norm} is what a request allocates: less than 1 byte without
 * protection, but for the last iteration: that counts what closing allocates.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.args="DirectQueueBenchmark -prof gc"} takes
 * less than a minute; {@code -Dpinbounce.bench.dir=FOLDER} names the folder of the file.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Thread)
public class DirectQueueBenchmark {

    private static final int DEPTH = 16;

    private static final int SIZE = 4096;

    /** How the data moves. */
    public enum Way {
        /** The caller's memory pinned. */
        PIN,
        /** Through aligned memory. */
        BOUNCE,
        /** Through aligned memory, with guards of 16 bits. */
        GUARDED
    }

    /** How the data moves. */
    @Param public Way way = Way.PIN;

    private final PinnedArena arena = PinnedArena.ofShared();

    private final MemorySegment[] blocks = new MemorySegment[DEPTH];

    /** Made once: a lambda that captures would be an object a call. */
    private final CompletionHandler handler = this::completed;

    private @Nullable DirectFile file;

    private @Nullable DirectQueue queue;

    private long position;

    /** Opens the file and the queue, and writes what is read: tuples are in memory. */
    @Setup
    public void open() throws IOException {
        DirectOptions options =
                DirectOptions.readWrite()
                        .transfer(way == Way.PIN ? Transfer.PIN : Transfer.BOUNCE)
                        .protection(
                                way == Way.GUARDED
                                        ? Protection.t10(SIZE).memory()
                                        : Protection.none());
        file = DirectFile.open(BenchFile.inFolder().path(), options);
        // The first close loads classes, and the profiler counts the last one with the requests.
        DirectQueue.open(1).close();
        queue = DirectQueue.open(DEPTH);
        for (int i = 0; i < DEPTH; i++) {
            blocks[i] = arena.allocate(SIZE).fill((byte) i);
        }
        for (long at = 0; at < BenchFile.SIZE; at += DEPTH * SIZE) {
            write();
        }
    }

    /** Closes everything. */
    @TearDown
    public void close() throws IOException {
        Objects.requireNonNull(queue).close();
        Objects.requireNonNull(file).close();
        arena.close();
    }

    /** Sixteen requests that read. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public int read() throws IOException {
        DirectQueue requests = Objects.requireNonNull(queue);
        DirectFile from = Objects.requireNonNull(file);
        for (int i = 0; i < DEPTH; i++) {
            requests.read(from, blocks[i], next(), i);
        }
        return requests.await(DEPTH, handler);
    }

    /** Sixteen requests that write. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public int write() throws IOException {
        DirectQueue requests = Objects.requireNonNull(queue);
        DirectFile to = Objects.requireNonNull(file);
        for (int i = 0; i < DEPTH; i++) {
            requests.write(to, blocks[i], next(), i);
        }
        return requests.await(DEPTH, handler);
    }

    private long next() {
        long here = position;
        position = (here + SIZE) % BenchFile.SIZE;
        return here;
    }

    private void completed(Completion completion) throws IOException {
        if (completion.bytes() != SIZE) {
            throw new IOException("a request came out short, bytes=" + completion.bytes());
        }
    }
}
