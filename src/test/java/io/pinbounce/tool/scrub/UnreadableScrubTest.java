package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectQueue;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.MemoryDisk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Scrubs of a disk that cannot read some of its blocks. */
final class UnreadableScrubTest extends ScrubFixture {

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
        disk = MemoryDisk.of(block);
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
        // Each of more than one block also looks for the first bad one, by halves.
        assertEquals((1 + 8) + 16 * (1 + 4) + 256, failed.get());
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
}
