package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval;
import io.pinbounce.BadInterval.Cause;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.SimulatedDisk;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.Seed;
import io.pinbounce.tool.scrub.ScrubReport.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

final class ScrubTest {

    private static final int MIB = 1 << 20;

    private static final int DEPTH = 4;

    private static final int MOST = 1000;

    private final Path path = Path.of("/disk/data");

    private final Random random = new Random(Seed.value());

    private final List<ScrubProgress> heard = new ArrayList<>();

    private SimulatedDisk disk = SimulatedDisk.of(512);

    private Protection protection = Protection.t10(4096).memory();

    private int interval = 4096;

    /** Stays open, and with it the tuples. */
    private @Nullable DirectFile writer;

    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        Objects.requireNonNull(writer).close();
        assertEquals(0, disk.engine().openHandles());
    }

    @Test
    void dataAsItWasWrittenIsClean() throws IOException {
        write(3 * MIB + 12_345);
        ScrubReport report = scrub();
        assertEquals(Verdict.CLEAN, report.verdict());
        assertEquals(Ending.COMPLETE, report.ending());
        assertEquals(3 * MIB + 12_345, report.bytes());
        assertEquals(3 * 256 + 4, report.intervals());
        assertEquals(3 * 256 + 4, report.clean());
        assertEquals(List.of(), report.bad());
    }

    @Test
    void anEmptyFileIsClean() throws IOException {
        write(0);
        ScrubReport report = scrub();
        assertEquals(Verdict.CLEAN, report.verdict());
        assertEquals(0, report.intervals());
    }

    /** Some requests have few damaged intervals, some have many; the last interval is short. */
    @ParameterizedTest
    @CsvSource({"512, 4096", "4096, 4096", "4096, 512", "512, 1536", "4096, 1536"})
    void everyIntervalThatWasDamagedIsFound(int block, int interval) throws IOException {
        disk = SimulatedDisk.of(block);
        use(interval);
        int size = 5 * MIB + random.nextInt(1, MIB);
        write(size);
        TreeSet<Long> damaged = new TreeSet<>(List.of((size - 1L) / interval));
        for (int i = 0; i < 40; i++) {
            damaged.add((random.nextInt(2) * 3L * MIB + random.nextLong(MIB)) / interval);
        }
        damaged.forEach(number -> flip(number * interval));
        ScrubReport report = scrub();
        assertEquals(List.copyOf(damaged), numbers(report));
        assertEquals(damaged.size(), report.damaged());
        assertEquals(report.intervals() - damaged.size(), report.clean());
        assertEquals(Verdict.DAMAGED, report.verdict());
        for (BadInterval bad : report.bad()) {
            assertEquals(bad.interval() * interval, bad.position());
            assertEquals(Cause.MISMATCH, bad.cause());
        }
    }

    @Test
    void allBadIntervalsAreCountedAndALimitedNumberIsKept() throws IOException {
        write(2 * MIB);
        for (int number = 0; number < 512; number++) {
            flip(number * 4096L);
        }
        try (DirectQueue queue = disk.queue(1);
                DirectFile file = open(Transfer.PIN)) {
            ScrubReport report = new Scrub(interval, 300).run(file, queue, heard::add);
            assertEquals(512, report.damaged());
            assertEquals(300, report.bad().size());
            assertEquals(0, report.clean());
        }
    }

    @Test
    void unprotectedIntervalsAreCountedAndAreNoDamage() throws IOException {
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite().create())) {
            plain.write(data(2 * MIB + 1), 0);
        }
        openWriter().write(data(8192), 4096);
        flip(4096);
        flip(MIB);
        ScrubReport report = scrub();
        assertEquals(513, report.intervals());
        assertEquals(511, report.unprotected());
        assertEquals(List.of(1L), numbers(report));
        assertEquals(1, report.clean());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EIO, Errno.EILSEQ, Errno.ENODATA})
    void unreadableIntervalsAreReportedAndPassedOver(int errno) throws IOException {
        write(5 * MIB);
        flip(MIB + 4096);
        flip(3 * MIB);
        refuse(errno, List.of(MIB + 8192L));
        ScrubReport report = scrub();
        assertEquals(List.of(new UnreadableRange(MIB + 8192, 4096, errno)), report.unreadable());
        assertEquals(1, report.unreadableIntervals());
        assertEquals(List.of(257L, 768L), numbers(report));
        assertEquals(5 * 256 - 3, report.clean());
        assertEquals(Ending.COMPLETE, report.ending());
        assertEquals(5 * MIB, heard.getLast().done());
        assertEquals(3, heard.getLast().bad());
    }

    /** Bad blocks at the start, in the middle and at the end of a request, and of the file. */
    @ParameterizedTest
    @CsvSource({
        "512, 4096, '0'",
        "512, 4096, '1044480'",
        "512, 4096, '2097152 2101248 2105344 3141632'",
        "4096, 4096, '3145728'",
        "4096, 512, '4096 1048576'",
        "4096, 1536, '12288'",
        "512, 1536, '1536 6144'"
    })
    void onlyBlocksThatCannotBeReadByThemselvesAreUnreadable(int block, int interval, String bad)
            throws IOException {
        disk = SimulatedDisk.of(block);
        use(interval);
        int size = 3 * MIB + 100;
        write(size);
        List<Long> broken = Stream.of(bad.split(" ")).map(Long::valueOf).toList();
        refuse(Errno.EIO, broken);
        long unit = Alignment.common(block, interval);
        long unreadable = 0;
        for (long at : broken) {
            unreadable += (Math.min(size, at + unit) - at + interval - 1) / interval;
        }
        ScrubReport report = scrub();
        assertEquals(unreadable, report.unreadableIntervals());
        assertEquals(report.intervals() - unreadable, report.clean());
        long length = 0;
        for (UnreadableRange range : report.unreadable()) {
            assertTrue(broken.contains(range.position()), range.toString());
            length += range.length();
        }
        assertEquals(Math.min(unit, size - broken.getLast()) + unit * (broken.size() - 1), length);
    }

    /** A disk may take seconds for each request that it refuses. */
    @Test
    void whereAllIsUnreadableFewMoreRequestsFailThanThereAreBlocks() throws IOException {
        write(2 * MIB);
        AtomicInteger failed = new AtomicInteger();
        disk.engine()
                .fault(
                        submission -> {
                            if (submission.position() < MIB) {
                                failed.incrementAndGet();
                                return Outcome.failed(Errno.EIO);
                            }
                            return Outcome.NORMAL;
                        });
        ScrubReport report = scrub();
        assertEquals(List.of(new UnreadableRange(0, MIB, Errno.EIO)), report.unreadable());
        assertEquals(256, report.unreadableIntervals());
        assertEquals(1 + 16 + 256, failed.get());
    }

    /** A request that is split already is finished, so that every byte below the end was seen. */
    @Test
    void aStoppedScrubFinishesTheRequestsThatItHasSplit() throws IOException {
        write(8 * MIB);
        refuse(Errno.EIO, List.of(4096L));
        try (DirectQueue queue = disk.queue(1);
                DirectFile file = open(Transfer.PIN)) {
            Scrub scrub = new Scrub(interval, MOST);
            SimulatedEngine.Fault refusal = refusal(Errno.EIO, List.of(4096L));
            disk.engine()
                    .fault(
                            submission -> {
                                scrub.stop();
                                return refusal.decide(submission);
                            });
            ScrubReport report = scrub.run(file, queue, heard::add);
            assertEquals(Ending.STOPPED, report.ending());
            assertEquals(MIB, report.bytes());
            assertEquals(List.of(new UnreadableRange(4096, 4096, Errno.EIO)), report.unreadable());
            assertEquals(255, report.clean());
        }
    }

    @Test
    void anyOtherFailureEndsTheScrubWithNothingInFlight() throws IOException {
        write(20 * MIB);
        disk.engine()
                .fault(
                        submission ->
                                submission.position() == 6 * MIB
                                        ? Outcome.failed(Errno.EFAULT)
                                        : Outcome.NORMAL);
        try (DirectQueue queue = disk.queue(DEPTH);
                DirectFile file = open(Transfer.PIN)) {
            Scrub scrub = new Scrub(interval, MOST);
            assertThrows(DirectIoException.class, () -> scrub.run(file, queue, heard::add));
            assertEquals(0, queue.pending());
        }
    }

    @Test
    void aStoppedScrubReportsHowFarItGot() throws IOException {
        write(20 * MIB);
        flip(0);
        flip(19 * MIB);
        AtomicInteger requests = new AtomicInteger();
        try (DirectQueue queue = disk.queue(DEPTH);
                DirectFile file = open(Transfer.PIN)) {
            Scrub scrub = new Scrub(interval, MOST);
            disk.engine()
                    .fault(
                            _ -> {
                                if (requests.incrementAndGet() == 6) {
                                    scrub.stop();
                                }
                                return Outcome.NORMAL;
                            });
            ScrubReport report = scrub.run(file, queue, heard::add);
            assertEquals(Ending.STOPPED, report.ending());
            assertEquals((long) requests.get() * MIB, report.bytes());
            assertTrue(report.bytes() < 20 * MIB, report.toString());
            assertEquals(20 * MIB, report.total());
            assertEquals(report.bytes() / 4096, report.intervals());
            assertEquals(List.of(0L), numbers(report));
            assertEquals(Verdict.DAMAGED, report.verdict());
            assertEquals(0, queue.pending());
        }
    }

    @Test
    void aScrubThatIsStoppedAtTheStartIsNotClean() throws IOException {
        write(MIB);
        try (DirectQueue queue = disk.queue(DEPTH);
                DirectFile file = open(Transfer.PIN)) {
            Scrub scrub = new Scrub(interval, MOST);
            scrub.stop();
            assertEquals(Verdict.UNFINISHED, scrub.run(file, queue, heard::add).verdict());
        }
    }

    /** Positions that start in the middle of a block, and ends past that of the file. */
    @ParameterizedTest
    @CsvSource({
        "4096, 512, 3, 3",
        "4096, 512, 3, 4097",
        "512, 4096, 255, 700",
        "512, 4096, 0, 100000",
        "4096, 1536, 1, 2000",
        "512, 4096, 100000, 100001"
    })
    void onlyTheGivenIntervalsAreRead(int block, int interval, long first, long last)
            throws IOException {
        disk = SimulatedDisk.of(block);
        use(interval);
        int size = 3 * MIB + 700;
        write(size);
        long count = (size + interval - 1L) / interval;
        List<Long> expected = new ArrayList<>();
        for (long number : new long[] {first - 1, first, (first + last) / 2, last, last + 1}) {
            if (number >= 0 && number < count) {
                flip(number * interval);
                if (number >= first && number <= last) {
                    expected.add(number);
                }
            }
        }
        try (DirectQueue queue = disk.queue(DEPTH);
                DirectFile file = open(Transfer.BOUNCE)) {
            ScrubReport report =
                    new Scrub(interval, MOST)
                            .run(file, queue, new IntervalRange(first, last), heard::add);
            assertEquals(expected.stream().distinct().toList(), numbers(report));
            assertEquals(Math.max(0, Math.min(last + 1, count) - first), report.intervals());
        }
    }

    @Test
    void theListenerIsToldOfTheEnd() throws IOException {
        write(3 * MIB + 1);
        flip(0);
        scrub();
        assertEquals(3 * MIB + 1, heard.getLast().done());
        assertEquals(3 * MIB + 1, heard.getLast().total());
        assertEquals(1, heard.getLast().bad());
        assertEquals(0, heard.getLast().left().toNanos());
        assertTrue(heard.getLast().bytesPerSecond() > 0);
    }

    @Test
    void damageOfTheSidecarIsDamage() throws IOException {
        write(4096);
        ScrubReport report = scrub().withSidecarDamage(List.of("a page is gone"));
        assertEquals(Verdict.DAMAGED, report.verdict());
        assertEquals(1, report.clean());
    }

    private void use(int interval) {
        this.interval = interval;
        protection = Protection.t10(interval).memory();
    }

    private DirectFile openWriter() throws IOException {
        DirectOptions options = DirectOptions.readWrite().create().protection(protection);
        DirectFile opened = disk.open(path, options);
        writer = opened;
        return opened;
    }

    private void write(int size) throws IOException {
        openWriter().write(data(size), 0);
    }

    private MemorySegment data(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return MemorySegment.ofArray(bytes);
    }

    private void flip(long position) {
        disk.engine().flipBit(path, position);
    }

    /** Has every read fail that any of some bytes is in. */
    private void refuse(int errno, List<Long> broken) {
        disk.engine().fault(refusal(errno, broken));
    }

    private static SimulatedEngine.Fault refusal(int errno, List<Long> broken) {
        return submission -> {
            long start = submission.position();
            long end = start + submission.length();
            return broken.stream().anyMatch(at -> start <= at && at < end)
                    ? Outcome.failed(errno)
                    : Outcome.NORMAL;
        };
    }

    private DirectFile open(Transfer transfer) throws IOException {
        return disk.open(path, DirectOptions.readOnly().transfer(transfer).protection(protection));
    }

    private ScrubReport scrub() throws IOException {
        try (DirectQueue queue = disk.queue(DEPTH);
                DirectFile file = open(Transfer.PIN)) {
            return new Scrub(interval, MOST).run(file, queue, heard::add);
        }
    }

    private static List<Long> numbers(ScrubReport report) {
        return report.bad().stream().map(BadInterval::interval).toList();
    }
}
