package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.MemoryDisk;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

final class SealingTest {

    private static final int MIB = 1 << 20;

    private static final int DEPTH = 4;

    private final Path path = Path.of("/disk/data");

    private final Random random = new Random(Seed.value());

    private MemoryDisk disk = MemoryDisk.of(512);

    private int interval = 4096;

    @ParameterizedTest
    @CsvSource({"512, 4096", "4096, 512", "4096, 1536"})
    void dataIsProtectedAsItIs(int block, int interval) throws IOException {
        disk = MemoryDisk.of(block);
        this.interval = interval;
        int size = 3 * MIB + 12_345;
        write(size);
        try (DirectFile file = open()) {
            assertEquals((size + interval - 1) / interval, scrub().unprotected());
            SealReport report = seal(file, new Sealing(interval, 10));
            assertEquals(Ending.COMPLETE, report.ending());
            assertEquals(size, report.sealed());
            assertEquals(size, report.total());
            assertEquals(0, scrub().unprotected());
            disk.engine().flipBit(path, 2 * MIB);
            assertEquals(List.of(2L * MIB / interval), numbers(scrub()));
        }
    }

    /** It would be the end of protection if damage that was found could be sealed in passing. */
    @Test
    void protectedIntervalsAreLeftAlone() throws IOException {
        write(4 * MIB);
        try (DirectFile file = open()) {
            file.write(data(3 * 4096), 4096);
            file.write(data(MIB), 2 * MIB);
            disk.engine().flipBit(path, 8192);
            disk.engine().flipBit(path, 2 * MIB);
            SealReport report = seal(file, new Sealing(interval, 10));
            assertEquals(3 * MIB - 3 * 4096, report.sealed());
            assertEquals(List.of(2L, 512L), numbers(scrub()));
            assertEquals(0, scrub().unprotected());
        }
    }

    @Test
    void sealedDataIsNotReadAgain() throws IOException {
        write(4 * MIB);
        try (DirectFile file = open()) {
            seal(file, new Sealing(interval, 10));
            disk.engine().clearLog();
            assertEquals(0, seal(file, new Sealing(interval, 10)).sealed());
            assertEquals(List.of("FORCE 0+0", "FORCE 0+0"), disk.engine().log());
        }
    }

    @Test
    void aStoppedSealingGoesOnWhereItWas() throws IOException {
        write(20 * MIB);
        try (DirectFile file = open()) {
            Sealing first = new Sealing(interval, 10);
            AtomicInteger reads = new AtomicInteger();
            disk.engine()
                    .fault(
                            _ -> {
                                if (reads.incrementAndGet() == 6) {
                                    first.stop();
                                }
                                return Outcome.NORMAL;
                            });
            SealReport stopped = seal(file, first);
            assertEquals(Ending.STOPPED, stopped.ending());
            assertTrue(stopped.bytes() < 20 * MIB, stopped.toString());
            assertEquals(stopped.bytes(), stopped.sealed());
            disk.engine().fault(_ -> Outcome.NORMAL);
            assertEquals(
                    20 * MIB - stopped.bytes(), seal(file, new Sealing(interval, 10)).sealed());
            assertEquals(0, scrub().unprotected());
        }
    }

    @ParameterizedTest
    @CsvSource({"512, 4096", "4096, 512"})
    void onlyUnreadableIntervalsStayUnprotected(int block, int interval) throws IOException {
        disk = MemoryDisk.of(block);
        this.interval = interval;
        write(4 * MIB);
        try (DirectFile file = open()) {
            refuse(MIB + 8192);
            SealReport report = seal(file, new Sealing(interval, 10));
            assertEquals(
                    List.of(new UnreadableRange(MIB + 8192, 4096, Errno.EIO)), report.unreadable());
            assertEquals(4 * MIB - 4096, report.sealed());
            disk.engine().fault(_ -> Outcome.NORMAL);
            assertEquals(4096 / interval, scrub().unprotected());
        }
    }

    /** Blocks that can be read are sealed, also around one that cannot. */
    @Test
    void givenIntervalsAreSealedWhereTheyCanBeRead() throws IOException {
        write(4 * MIB);
        try (DirectFile file = open();
                DirectQueue queue = disk.queue(DEPTH)) {
            refuse(MIB + 8192);
            SealReport report =
                    new Sealing(interval, 10)
                            .run(file, queue, new IntervalRange(200, 700), soFar -> {});
            assertEquals(
                    List.of(new UnreadableRange(MIB + 8192, 4096, Errno.EIO)), report.unreadable());
            assertEquals(500 * 4096, report.sealed());
            disk.engine().fault(_ -> Outcome.NORMAL);
            assertEquals(1024 - 500, scrub().unprotected());
        }
    }

    @Test
    void givenIntervalsAreSealedEvenIfDamaged() throws IOException {
        write(4 * MIB);
        try (DirectFile file = open();
                DirectQueue queue = disk.queue(DEPTH)) {
            seal(file, new Sealing(interval, 10));
            for (int number = 3; number <= 7; number++) {
                disk.engine().flipBit(path, number * 4096L);
            }
            SealReport report =
                    new Sealing(interval, 10)
                            .run(file, queue, new IntervalRange(4, 6), soFar -> {});
            assertEquals(3 * 4096, report.sealed());
            assertEquals(List.of(3L, 7L), numbers(scrub()));
        }
    }

    private void refuse(long broken) {
        disk.engine()
                .fault(
                        submission ->
                                submission.position() <= broken
                                                && broken
                                                        < submission.position()
                                                                + submission.length()
                                        ? Outcome.failed(Errno.EIO)
                                        : Outcome.NORMAL);
    }

    private void write(int size) throws IOException {
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite().create())) {
            plain.write(data(size), 0);
        }
    }

    private Protection protection() {
        return Protection.t10(interval).memory();
    }

    private DirectFile open() throws IOException {
        return disk.open(path, DirectOptions.readWrite().protection(protection()));
    }

    private MemorySegment data(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return MemorySegment.ofArray(bytes);
    }

    private SealReport seal(DirectFile file, Sealing sealing) throws IOException {
        try (DirectQueue queue = disk.queue(DEPTH)) {
            return sealing.run(file, queue, soFar -> {});
        }
    }

    private ScrubReport scrub() throws IOException {
        DirectOptions options =
                DirectOptions.readOnly().transfer(Transfer.PIN).protection(protection());
        try (DirectQueue queue = disk.queue(DEPTH);
                DirectFile file = disk.open(path, options)) {
            return new Scrub(interval, 1000).run(file, queue, soFar -> {});
        }
    }

    private static List<Long> numbers(ScrubReport report) {
        return report.bad().stream().map(BadInterval::interval).toList();
    }
}
