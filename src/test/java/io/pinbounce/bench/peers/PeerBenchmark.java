package io.pinbounce.bench.peers;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * Pinbounce and its peers, one and sixteen requests at once, in microseconds a request: reads of 4
 * KiB at random positions, or of {@code -p size=BYTES} in any {@code -p order}; writes with the
 * pattern {@code PeerBenchmark.write}.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.args=PeerBenchmark.read} runs it;
 * {@code -Dpinbounce.bench.dir=FOLDER} names the folder of the file. JMH runs one contestant after
 * the other: ratios to rely on are those of {@link PeerTable}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class PeerBenchmark {

    private static final int BATCH = 256;

    private static final int DEPTH = 16;

    /** What all have in common. */
    @State(Scope.Thread)
    public abstract static class Opened {

        /** Bytes a request. */
        @Param("4096")
        public int size;

        /** Of the positions. */
        @Param("RANDOM")
        public String order = "RANDOM";

        private @Nullable Load load;

        private @Nullable Peer peer;

        abstract Contestant contestant();

        abstract int depth();

        /** Makes the file if it is not there, and opens it. */
        @Setup(Level.Trial)
        public void open() throws IOException {
            String missing = contestant().missing();
            if (!missing.isEmpty()) {
                throw new IllegalStateException(contestant() + " cannot take part: " + missing);
            }
            load =
                    new Load(
                            PeerFile.filled(PeerFile.inFolder()),
                            PeerFile.SIZE,
                            Load.Order.valueOf(order),
                            size,
                            depth());
            peer = contestant().open(load);
        }

        /** Closes everything. */
        @TearDown(Level.Trial)
        public void close() throws IOException {
            Objects.requireNonNull(peer).close();
            Objects.requireNonNull(load).close();
        }

        Peer peer() {
            return Objects.requireNonNull(peer);
        }
    }

    /** One request at a time. */
    public static class Single extends Opened {

        /** Who. */
        @Param public Contestant contestant = Contestant.PINBOUNCE_FILE;

        @Override
        Contestant contestant() {
            return contestant;
        }

        @Override
        int depth() {
            return 1;
        }
    }

    /** Sixteen at once. */
    public static class Queued extends Opened {

        /** Who. */
        @Param public Contestant contestant = Contestant.PINBOUNCE_QUEUE;

        @Override
        Contestant contestant() {
            return contestant;
        }

        @Override
        int depth() {
            return DEPTH;
        }
    }

    /** One read. */
    @Benchmark
    public void readSingle(Single opened) throws IOException {
        opened.peer().move(Peer.Direction.READ, 1);
    }

    /** Reads, sixteen at once. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void readQueued(Queued opened) throws IOException {
        opened.peer().move(Peer.Direction.READ, BATCH);
    }

    /** One write. */
    @Benchmark
    public void writeSingle(Single opened) throws IOException {
        opened.peer().move(Peer.Direction.WRITE, 1);
    }

    /** Writes, sixteen at once. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void writeQueued(Queued opened) throws IOException {
        opened.peer().move(Peer.Direction.WRITE, BATCH);
    }
}
