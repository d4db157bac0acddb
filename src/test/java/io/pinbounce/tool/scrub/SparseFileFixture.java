package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.Transfer;
import io.pinbounce.testing.MemoryDisk;
import io.pinbounce.testing.Seed;
import io.pinbounce.tool.scrub.ScrubReport.Verdict;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;

/** A file with holes on a simulated disk, which is sealed and scrubbed. */
abstract class SparseFileFixture {

    static final long MIB = 1 << 20;

    static final long TIB = 1L << 40;

    static final int INTERVAL = 4096;

    /** Intervals that share a page of tuples. */
    static final long PAGE = 488L * INTERVAL;

    final Path path = Path.of("/disk/data");

    final Random random = new Random(Seed.value());

    MemoryDisk disk = MemoryDisk.of(512);

    int interval = INTERVAL;

    Mode mode = Mode.JOURNAL;

    void assertFewRequests() {
        assertTrue(disk.engine().log().size() < 100, "requests=" + disk.engine().log().size());
        disk.engine().clearLog();
    }

    void assertAllProtected() throws IOException {
        ScrubReport report = scrub();
        assertEquals(Verdict.CLEAN, report.verdict(), report.toString());
        assertEquals(0, report.unprotected());
    }

    /** A sparse file with an interval of data here and there. */
    void write(long size, long... extents) throws IOException {
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite().create())) {
            plain.truncate(size);
            for (long position : extents) {
                plain.write(data(INTERVAL), position);
            }
            plain.force();
        }
    }

    MemorySegment data(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return MemorySegment.ofArray(bytes);
    }

    Protection protection() {
        SidecarOptions options =
                SidecarOptions.beside()
                        .mode(mode)
                        .existing(Existing.UNPROTECTED)
                        .logSize(SidecarOptions.MIN_LOG)
                        .memory(SidecarOptions.MIN_MEMORY);
        return Protection.t10(interval).sidecar(options);
    }

    DirectFile openToSeal() throws IOException {
        return disk.open(path, DirectOptions.readWrite().protection(protection()));
    }

    SealReport seal() throws IOException {
        return seal(new Sealing(interval, 10), 4);
    }

    SealReport seal(Sealing sealing, int depth) throws IOException {
        try (DirectFile file = openToSeal();
                DirectQueue queue = disk.queue(depth)) {
            return sealing.run(file, queue, soFar -> {});
        }
    }

    ScrubReport scrub() throws IOException {
        DirectOptions options =
                DirectOptions.readOnly().transfer(Transfer.PIN).protection(protection());
        try (DirectQueue queue = disk.queue(4);
                DirectFile file = disk.open(path, options)) {
            return new Scrub(interval, 100_000).run(file, queue, soFar -> {});
        }
    }
}
