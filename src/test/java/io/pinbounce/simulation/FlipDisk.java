package io.pinbounce.simulation;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.SimulatedDisk;
import io.pinbounce.internal.engine.SimulatedEngine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** A file and its sidecar, to be damaged in one place and read. Every interval of it is known. */
final class FlipDisk {

    static final Path DATA = Path.of("/disk/data");

    static final Path SIDECAR = Path.of("/disk/data.pi");

    static final int INTERVAL = 512;

    /** Intervals of a tuple page, and of a sector of it. */
    static final int PER_PAGE = 488;

    static final int PER_SECTOR = 61;

    static final int INTERVALS = 3 * PER_PAGE;

    static final long LOG = 8192;

    static final long MAP = LOG + SidecarOptions.MIN_LOG;

    static final long PAGES = MAP + 2 * 4096;

    /** How it was left. */
    enum Left {
        /** Closed in order. */
        CLEAN,
        /** A power cut leaves the last writes in the log alone. */
        CUT
    }

    private final Random random;

    final Left left;

    final byte[] expected = new byte[INTERVALS * INTERVAL];

    /** Intervals whose seals are in the log alone. */
    final SortedSet<Long> logged = new TreeSet<>();

    private SimulatedDisk disk;

    FlipDisk(Random random, Left left, BouncePool pool) throws IOException {
        this.random = random;
        this.left = left;
        SimulatedEngine engine = new SimulatedEngine(512, 512);
        disk = engine.disk();
        try (DirectFile file = OnEngine.file(DATA, options(pool).create(), engine)) {
            write(file, 0, PER_PAGE);
            write(file, 2 * PER_PAGE, PER_PAGE); // the page between is not there
        }
        if (left == Left.CUT) {
            DirectFile file = OnEngine.file(DATA, options(pool), engine);
            for (int i = 0; i < 20; i++) { // so few that no checkpoint moves them to the pages
                int count = 1 + random.nextInt(60);
                int number = random.nextInt(PER_PAGE - count);
                write(file, number, count);
                for (long n = number; n < number + count; n++) {
                    logged.add(n);
                }
            }
            disk.powerCut(Mood.EVERYTHING, random);
        }
    }

    static DirectOptions options(BouncePool pool) {
        return DirectOptions.readWrite().bouncePool(pool).protection(protection());
    }

    static Protection protection() {
        return Protection.t10(INTERVAL)
                .sidecar(
                        SidecarOptions.beside()
                                .mode(Mode.JOURNAL)
                                .logSize(SidecarOptions.MIN_LOG));
    }

    private void write(DirectFile file, int number, int count) throws IOException {
        byte[] bytes = new byte[count * INTERVAL];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, expected, number * INTERVAL, bytes.length);
        file.write(MemorySegment.ofArray(bytes), (long) number * INTERVAL);
    }

    /** The same disk, for one round. */
    SimulatedEngine engine() {
        return new SimulatedEngine(disk.copy());
    }

    long sidecarSize() {
        return disk.size(SIDECAR);
    }
}
