package io.pinbounce.tool.bench;

import io.pinbounce.DirectFile;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.linux.Descriptors;
import io.pinbounce.internal.linux.OpenFlags;

import org.jspecify.annotations.Nullable;
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

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One thread reads or writes a file of 256 MiB from front to back, again and again, one blocking
 * request at a time, in microseconds a request. {@code CHANNEL} is the JDK's FileChannel, opened
 * with {@code ExtendedOpenOption.DIRECT}.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.args=DirectFileBenchmark} takes less than
 * three minutes; {@code -Dpinbounce.bench.dir=FOLDER} names the folder of the file. JMH runs all
 * forks of one contestant before the next begins, so a disk that changes its speed meanwhile
 * favours one of them: for numbers to rely on, repeat the whole run with {@code -f 1} a few times
 * and compare the rounds.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 1, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class DirectFileBenchmark {

    /** What moves the data. */
    public enum Contestant {
        /** DirectFile, the caller's memory pinned. */
        PIN,
        /** DirectFile, through aligned memory. */
        BOUNCE,
        /** FileChannel with direct I/O. */
        CHANNEL
    }

    /** Bytes a request. */
    @Param({"4096", "65536", "1048576"})
    public int size;

    /** What moves the data. */
    @Param public Contestant contestant = Contestant.PIN;

    private final PinnedArena arena = PinnedArena.ofShared();

    private @Nullable Transfers opened;

    private long position;

    /** Makes the file if it is not there, and opens it. */
    @Setup
    public void open() throws IOException {
        BenchFile file = BenchFile.inFolder();
        MemorySegment memory = arena.allocate(size);
        opened =
                switch (contestant) {
                    case PIN -> new FileTransfers(file.open(Transfer.PIN), memory);
                    case BOUNCE -> new FileTransfers(file.open(Transfer.BOUNCE), memory);
                    case CHANNEL -> new ChannelTransfers(file.openChannel(), memory.asByteBuffer());
                };
        List<Integer> descriptors = Descriptors.of(file.path());
        for (int fd : descriptors) {
            if ((Descriptors.flags(fd) & OpenFlags.O_DIRECT) == 0) {
                throw new IllegalStateException("not opened for direct I/O, fd=" + fd);
            }
        }
        if (descriptors.size() != 1) {
            throw new IllegalStateException("one open file expected, fds=" + descriptors);
        }
    }

    /** Closes the file, which stays for the next run. */
    @TearDown
    public void close() throws IOException {
        transfers().close();
        arena.close();
    }

    /** One request that reads. */
    @Benchmark
    public long read() throws IOException {
        return transfers().read(next());
    }

    /** One request that writes. */
    @Benchmark
    public long write() throws IOException {
        return transfers().write(next());
    }

    private Transfers transfers() {
        return Objects.requireNonNull(opened);
    }

    private long next() {
        long here = position;
        position = here + size == BenchFile.SIZE ? 0 : here + size;
        return here;
    }

    /** Whole requests, aligned, inside the file. */
    private interface Transfers extends AutoCloseable {

        long read(long position) throws IOException;

        long write(long position) throws IOException;

        @Override
        void close() throws IOException;
    }

    private record FileTransfers(DirectFile file, MemorySegment memory) implements Transfers {

        @Override
        public long read(long position) throws IOException {
            return file.read(memory, position);
        }

        @Override
        public long write(long position) throws IOException {
            file.write(memory, position);
            return memory.byteSize();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private record ChannelTransfers(FileChannel channel, ByteBuffer buffer) implements Transfers {

        @Override
        public long read(long position) throws IOException {
            return channel.read(buffer.clear(), position);
        }

        @Override
        public long write(long position) throws IOException {
            return channel.write(buffer.clear(), position);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
