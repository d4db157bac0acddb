package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.testing.MemoryDisk;
import io.pinbounce.tool.scrub.ScrubReport.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What is written or lost in sealed files with holes is found as if all were read. */
@Timeout(60)
final class HoleTest extends SparseFileFixture {

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
        disk = new MemoryDisk(disk.engine().restart());
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
        disk = MemoryDisk.of(block);
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

    private void writeAll(long size) throws IOException {
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite().create())) {
            plain.write(data((int) size), 0);
        }
    }
}
