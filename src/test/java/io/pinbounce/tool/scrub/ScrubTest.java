package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval;
import io.pinbounce.BadInterval.Cause;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.testing.MemoryDisk;
import io.pinbounce.tool.scrub.ScrubReport.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

final class ScrubTest extends ScrubFixture {

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
        disk = MemoryDisk.of(block);
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
        disk = MemoryDisk.of(block);
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
}
