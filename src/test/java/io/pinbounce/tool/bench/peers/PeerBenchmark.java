package io.pinbounce.tool.bench.peers;

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
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Pinbounce and its peers, one and sixteen requests at once, or {@code -p depth=N}, in microseconds
 * a request: reads of 4 KiB at random positions, or of {@code -p size=BYTES} in any {@code -p
 * order}; writes with the pattern {@code PeerBenchmark.write}.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.args=PeerBenchmark.read} runs it; {@code
 * -Dpinbounce.bench.dir=FOLDER} names the folder of the file. JMH runs one contestant after the
 * other: ratios to rely on are those of {@link PeerTable}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Thread)
public class PeerBenchmark {

    /** Requests in a call: a peer's queue runs empty at the end of each. */
    private static final int BATCH = 256;

    /** Which library moves the data. */
    @Param public Contestant contestant = Contestant.PINBOUNCE_FILE;

    /** Requests at once. */
    @Param({"1", "16"})
    public int depth;

    /** Bytes a request. */
    @Param("4096")
    public int size;

    /** Order of the positions. */
    @Param("RANDOM")
    public String order = "RANDOM";

    private @Nullable Load load;

    private @Nullable Peer peer;

    /** Makes the file if it is not there, and opens it. */
    @Setup
    public void open() throws IOException {
        String missing = contestant.missing();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(contestant + " cannot take part: " + missing);
        }
        load =
                new Load(
                        PeerFile.filled(PeerFile.inFolder()),
                        PeerFile.SIZE,
                        Load.Order.valueOf(order),
                        size,
                        depth);
        peer = contestant.open(load);
    }

    /** Closes everything. */
    @TearDown
    public void close() throws IOException {
        Objects.requireNonNull(peer).close();
        Objects.requireNonNull(load).close();
    }

    /** Reads. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void read() throws IOException {
        Objects.requireNonNull(peer).move(Peer.Direction.READ, BATCH);
    }

    /** Writes. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void write() throws IOException {
        Objects.requireNonNull(peer).move(Peer.Direction.WRITE, BATCH);
    }
}
