package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.SimulatedDisk;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.Seed;
import io.pinbounce.tool.scrub.ScrubReport.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Files with holes are sealed and verified as if all of them were read, and are not. */
@Timeout(60)
final class HoleTest {

    private static final long MIB = 1 << 20;

    private static final long TIB = 1L << 40;

    private static final int INTERVAL = 4096;

    /** Intervals that share a page of tuples. */
    private static final long PAGE = 488L * INTERVAL;

    private final Path path = Path.of("/disk/data");

    private final Path sidecar = Path.of("/disk/data.pi");

    private final Random random = new Random(Seed.value());

    private SimulatedDisk disk = SimulatedDisk.of(512);

    private int interval = INTERVAL;

    private Mode mode = Mode.JOURNAL;

    @ParameterizedTest
    @EnumSource
    void aHoleIsSealedAndVerifiedWithoutBeingRead(Mode mode) throws IOException {
        this.mode = mode;
        write(TIB + 100, 0, TIB / 2, TIB - 4096);
        disk.engine().clearLog();
        SealReport sealed = seal();
        assertEquals(Ending.COMPLETE, sealed.ending());
        assertEquals(TIB + 100, sealed.bytes());
        assertEquals(TIB + 100, sealed.sealed());
        assertFewRequests();
        long mapsOfOneTib = 17;
        long most = 2 * mapsOfOneTib + 2 * 3 + 1; // pages: of the map twice, and of extents
        assertTrue(tuples() <= most * 4096, "bytes of tuples=" + tuples());
        assertAllProtected();
        assertFewRequests();
        assertEquals(0, seal().sealed());
        assertFewRequests();
    }

    /** Memory and log have no room for all seals, so tuples move to their pages meanwhile. */
    @ParameterizedTest
    @EnumSource
    void holesBetweenManyExtentsNeedNoTuplePages(Mode mode) throws IOException {
        this.mode = mode;
        int extents = 200;
        long step = TIB / extents / INTERVAL * INTERVAL;
        write(TIB, LongStream.range(0, extents).map(i -> i * step).toArray());
        disk.engine().clearLog();
        assertEquals(TIB, seal().sealed());
        assertTrue(tuples() <= (2 * 17 + 2 * extents) * 4096L, "bytes of tuples=" + tuples());
        int requests = disk.engine().log().size();
        assertTrue(requests < 20 * extents, "requests=" + requests);
        assertAllProtected();
    }

    /** Another file on the same inode may force meanwhile, which covers only what was written. */
    @Test
    void aForceDuringSealingLosesNoHole() throws IOException {
        write(TIB, 0, TIB / 4, TIB / 2);
        try (DirectFile file = openToSeal();
                DirectFile other = openToSeal();
                DirectQueue queue = disk.queue(1)) {
            disk.engine()
                    .fault(
                            submission -> {
                                if (submission.position() == TIB / 2) {
                                    force(other);
                                }
                                return Outcome.NORMAL;
                            });
            assertEquals(TIB, new Sealing(interval, 10).run(file, queue, soFar -> {}).sealed());
            disk.engine().fault(_ -> Outcome.NORMAL);
        }
        assertAllProtected();
    }

    /** Such a sidecar is made by a program that writes without sealing first. */
    @Test
    void unprotectedIntervalsOfAHoleAreCountedWithoutBeingRead() throws IOException {
        write(TIB + 100, 0);
        try (DirectFile file = openToSeal()) {
            file.write(data(4096), 4096);
        }
        disk.engine().clearLog();
        ScrubReport report = scrub();
        assertEquals(Verdict.CLEAN, report.verdict());
        assertEquals(TIB / INTERVAL, report.unprotected());
        assertEquals(1, report.clean());
        assertFewRequests();
    }

    @Test
    void aPartOfSealedDataThatWasPunchedOutIsDamage() throws IOException {
        writeAll(8 * MIB);
        seal();
        disk.engine().punch(path, 2 * MIB + 4096, 3 * MIB);
        ScrubReport report = scrub();
        assertEquals(768, report.damaged());
        assertEquals(513, report.bad().getFirst().interval());
        assertEquals(513 + 767, report.bad().getLast().interval());
        assertEquals(2048 - 768, report.clean());
    }

    @Test
    void zerosThatWereSealedAsDataMayBecomeAHole() throws IOException {
        write(8 * MIB);
        try (DirectFile file = openToSeal()) {
            file.write(MemorySegment.ofArray(new byte[(int) (4 * MIB)]), 0);
        }
        seal();
        disk.engine().punch(path, 0, 4 * MIB);
        disk.engine().clearLog();
        assertAllProtected();
        assertFewRequests();
    }

    @Test
    void dataWhereAHoleWasSealedIsDamage() throws IOException {
        write(TIB, 0);
        seal();
        disk.engine().flipBit(path, TIB / 2);
        disk.engine().flipBit(path, TIB - 1);
        assertEquals(
                List.of(TIB / 2 / INTERVAL, TIB / INTERVAL - 1),
                scrub().bad().stream().map(BadInterval::interval).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aSealedHoleOutlivesTheLossOfThePower(Mode mode) throws IOException {
        this.mode = mode;
        write(TIB, 5 * PAGE + 8192, TIB / 2);
        seal();
        disk.engine().disk().powerCut(Mood.NOTHING, random);
        disk = new SimulatedDisk(disk.engine().restart());
        assertAllProtected();
    }

    @Test
    void aWriteIntoASealedHoleIsProtectedLikeAnyOther() throws IOException {
        write(TIB, 0);
        seal();
        try (DirectFile file = openToSeal()) {
            file.write(data(100), TIB / 3);
            file.write(data(INTERVAL), 3 * PAGE);
            file.truncate(TIB / 2);
            file.truncate(TIB);
        }
        assertAllProtected();
        disk.engine().flipBit(path, 3 * PAGE);
        assertEquals(1, scrub().damaged());
    }

    /** A hole that a writer fills between two requests of a sealing keeps the writer's tuples. */
    @Test
    void aWriterMayFillAHoleThatIsBeingSealed() throws IOException {
        write(64 * MIB, 0, 32 * MIB);
        try (DirectFile file = openToSeal();
                DirectFile writer = openToSeal();
                DirectQueue queue = disk.queue(1)) {
            byte[] filled = new byte[2 * INTERVAL];
            random.nextBytes(filled);
            boolean[] wrote = new boolean[1];
            new Sealing(interval, 10)
                    .run(
                            file,
                            queue,
                            soFar -> {
                                if (!wrote[0] && soFar.done() > 8 * MIB) {
                                    wrote[0] = true;
                                    write(writer, filled, 3 * PAGE);
                                }
                            });
            write(writer, filled, 4 * PAGE);
            byte[] back = new byte[2 * INTERVAL];
            file.read(MemorySegment.ofArray(back), 4 * PAGE);
            assertArrayEquals(filled, back);
        }
        assertAllProtected();
    }

    @Test
    void aStoppedSealingGoesOnWithTheRest() throws IOException {
        write(TIB, 0, TIB / 2, TIB / 2 + MIB, TIB / 2 + 2 * MIB);
        Sealing sealing = new Sealing(interval, 10);
        disk.engine()
                .fault(
                        submission -> {
                            if (submission.position() == TIB / 2) {
                                sealing.stop();
                            }
                            return Outcome.NORMAL;
                        });
        SealReport stopped = seal(sealing, 1);
        assertEquals(Ending.STOPPED, stopped.ending());
        disk.engine().fault(_ -> Outcome.NORMAL);
        disk.engine().clearLog();
        assertTrue(seal().sealed() > 0);
        assertFewRequests();
        assertAllProtected();
    }

    /** What cannot be read stays unprotected, also where no page of tuples is made for it. */
    @Test
    void whatCannotBeReadBetweenHolesStaysUnprotected() throws IOException {
        long lost = 20 * PAGE;
        write(TIB, 0, lost, lost + PAGE);
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite())) {
            plain.write(data((int) PAGE), lost);
        }
        disk.engine()
                .fault(
                        submission ->
                                submission.position() < lost + PAGE
                                                && lost
                                                        < submission.position()
                                                                + submission.length()
                                                && submission.length() >= INTERVAL
                                        ? Outcome.failed(Errno.EIO)
                                        : Outcome.NORMAL);
        SealReport report = seal();
        disk.engine().fault(_ -> Outcome.NORMAL);
        long unreadable = report.unreadable().stream().mapToLong(UnreadableRange::length).sum();
        assertTrue(unreadable >= PAGE, report.toString());
        assertEquals(TIB - unreadable, report.sealed());
        assertEquals(unreadable / INTERVAL, scrub().unprotected());
        assertEquals(unreadable, seal().sealed());
        assertAllProtected();
    }

    /** Extents of any length, and any blocks and intervals: the same as if all was read. */
    @ParameterizedTest
    @CsvSource({
        "512, 4096, 40",
        "4096, 4096, 150",
        "4096, 512, 40",
        "4096, 1536, 40",
        "512, 1536, 40",
        "512, 65536, 40"
    })
    void passingOverHolesFindsTheSameAsReadingThem(int block, int interval, int extents)
            throws IOException {
        disk = SimulatedDisk.of(block);
        this.interval = interval;
        long size = 20 * MIB + random.nextInt(10_000);
        write(size);
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite())) {
            for (int i = 0; i < extents; i++) {
                int length = 1 + random.nextInt(random.nextInt(2) == 0 ? 5000 : 200_000);
                plain.write(data(length), random.nextLong(size - length));
            }
        }
        assertEquals(size, seal().sealed());
        for (int i = 0; i < 20; i++) {
            disk.engine().punch(path, random.nextLong(size / 4096) * 4096, 4096L << i % 8);
        }
        for (int i = 0; i < 20; i++) {
            disk.engine().flipBit(path, random.nextLong(size));
        }
        ScrubReport passing = scrub();
        disk.engine().tellNoHoles();
        ScrubReport reading = scrub();
        assertTrue(reading.damaged() > 0, reading.toString());
        assertEquals(reading.bad(), passing.bad());
        assertEquals(reading.damaged(), passing.damaged());
        assertEquals(reading.unprotected(), passing.unprotected());
        assertEquals(reading.intervals(), passing.intervals());
    }

    /** The canary: otherwise the tests above would pass although every hole was read. */
    @Test
    void everythingIsReadWhereHolesAreUnknown() throws IOException {
        write(16 * MIB, 0);
        disk.engine().tellNoHoles();
        disk.engine().clearLog();
        assertEquals(16 * MIB, seal().sealed());
        assertTrue(disk.engine().log().size() > 16, disk.engine().log().toString());
        assertAllProtected();
    }

    private void assertFewRequests() {
        assertTrue(disk.engine().log().size() < 100, "requests=" + disk.engine().log().size());
        disk.engine().clearLog();
    }

    private void assertAllProtected() throws IOException {
        ScrubReport report = scrub();
        assertEquals(Verdict.CLEAN, report.verdict(), report.toString());
        assertEquals(0, report.unprotected());
    }

    /** Bytes that the sidecar takes behind its log. */
    private long tuples() {
        return disk.engine().disk().stored(sidecar) - SidecarOptions.SMALLEST_LOG - 8192;
    }

    /** A sparse file with an interval of data here and there. */
    private void write(long size, long... extents) throws IOException {
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite().create())) {
            plain.truncate(size);
            for (long position : extents) {
                plain.write(data(INTERVAL), position);
            }
            plain.force();
        }
    }

    private void writeAll(long size) throws IOException {
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite().create())) {
            plain.write(data((int) size), 0);
        }
    }

    private static void write(DirectFile file, byte[] bytes, long position) {
        try {
            file.write(MemorySegment.ofArray(bytes), position);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void force(DirectFile file) {
        try {
            file.force();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private MemorySegment data(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return MemorySegment.ofArray(bytes);
    }

    private Protection protection() {
        SidecarOptions options =
                SidecarOptions.beside()
                        .mode(mode)
                        .existing(Existing.UNPROTECTED)
                        .logSize(SidecarOptions.SMALLEST_LOG)
                        .memory(SidecarOptions.SMALLEST_MEMORY);
        return Protection.t10(interval).sidecar(options);
    }

    private DirectFile openToSeal() throws IOException {
        return disk.open(path, DirectOptions.readWrite().protection(protection()));
    }

    private SealReport seal() throws IOException {
        return seal(new Sealing(interval, 10), 4);
    }

    private SealReport seal(Sealing sealing, int depth) throws IOException {
        try (DirectFile file = openToSeal();
                DirectQueue queue = disk.queue(depth)) {
            return sealing.run(file, queue, soFar -> {});
        }
    }

    private ScrubReport scrub() throws IOException {
        DirectOptions options =
                DirectOptions.readOnly().transfer(Transfer.PIN).protection(protection());
        try (DirectQueue queue = disk.queue(4);
                DirectFile file = disk.open(path, options)) {
            return new Scrub(interval, 100_000).run(file, queue, soFar -> {});
        }
    }
}
