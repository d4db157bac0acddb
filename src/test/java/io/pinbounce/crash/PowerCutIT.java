package io.pinbounce.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.crash.CrashWriter.Conduct;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.PowerTarget;
import io.pinbounce.testing.Requirements;
import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The power of devices with a volatile write cache is cut while a writer is at work: what was
 * forced is there, and each interval is one whole version. {@code -Dpinbounce.cuts} says how often,
 * 5 times in all unless told.
 *
 * <p>No one arrangement is the worst. Where data and sidecar have a cache each, one's sync does
 * nothing for the other, and both fall back as far as they can. Where only the sidecar's cache is
 * volatile, data is there at once that no log may have foretold durably; where only the data's is,
 * tuples are there of data that never came. Where they share a device, as beside each other on a
 * file system, each sync covers both, and hides that one is missing: that is the most common, and
 * the mildest.
 *
 * <p>All is on loop devices, since FUSE by itself does not honour {@code O_DSYNC} for writes of
 * io_uring: a log that is a bare FUSE file forgets what it said was durable. A file system that
 * FUSE serves may also have another device number after a cut, which a sidecar takes for another
 * file.
 */
class PowerCutIT {

    private static final int CUTS = Share.of("pinbounce.cuts", 2, 10);

    private static final int ARRANGEMENTS = 5;

    /** A log on such sectors is full after a few dozen writes, and must be gone over. */
    private static final String SECTORS = "4096";

    private static final String[] EXT4 = {"--fs", "ext4", "--sector-size", SECTORS};

    /** So small that each interval is written many times in the life of a writer. */
    private static final CrashLayout PAGES = new CrashLayout(4096, 512);

    /** So large that the cache may keep some blocks of an interval and drop others. */
    private static final CrashLayout LARGE = new CrashLayout(16384, 256);

    @BeforeAll
    static void requireDevices() {
        Requirements.powerCut();
        Requirements.loop();
        Requirements.tool("mkfs.ext4");
    }

    /** Cuts in one arrangement: an equal part of all, and of the rest one each from the first. */
    private static int share(int number) {
        return CUTS / ARRANGEMENTS + (number < CUTS % ARRANGEMENTS ? 1 : 0);
    }

    private static void cut(PowerTarget power, CrashTarget target, int cuts) throws Exception {
        CrashRounds rounds = rounds(power, target);
        if (cuts > 1 && target.existing() == Existing.REFUSED) {
            rounds.cutMaking();
        }
        while (rounds.ends() < cuts) {
            rounds.round(Conduct.WRITES);
        }
        System.out.println(rounds.ends() + " power cuts: " + rounds.findings());
    }

    private static CrashRounds rounds(PowerTarget power, CrashTarget target) throws Exception {
        CrashRounds rounds =
                new CrashRounds(target, Cut.POWER, writer -> power.cut(writer.pid()), Seed.value());
        if (target.existing() == Existing.UNPROTECTED) {
            rounds.fill();
        }
        return rounds;
    }

    private static CrashTarget file(Path data, Path sidecar, Mode mode, CrashLayout layout) {
        return new CrashTarget(data, sidecar, mode, Existing.REFUSED, layout);
    }

    @Test
    void dataAndSidecarOnTwoDevicesSurviveCutsOfBoth() throws Exception {
        try (PowerTarget power = PowerTarget.open(2, EXT4)) {
            Path data = power.paths().getFirst();
            Path sidecar = power.paths().getLast();
            cut(power, file(data, sidecar, Mode.JOURNAL, PAGES), share(0));
        }
    }

    @Test
    void aFileSurvivesCutsOfItsSidecarsDevice(@TempDir Path folder) throws Exception {
        try (PowerTarget power = PowerTarget.open(1, EXT4)) {
            Path data = folder.resolve("data");
            Path sidecar = power.paths().getFirst();
            cut(power, file(data, sidecar, Mode.JOURNAL, PAGES), share(1));
        }
    }

    @Test
    void aDeviceSurvivesCutsWhileItsSidecarKeepsPower() throws Exception {
        try (PowerTarget power = PowerTarget.open(1, "--loop");
                LoopTarget loop = LoopTarget.open("--fs", "ext4", "--sector-size", SECTORS)) {
            Path data = power.paths().getFirst();
            Path sidecar = loop.path();
            CrashTarget device =
                    new CrashTarget(data, sidecar, Mode.JOURNAL, Existing.UNPROTECTED, LARGE);
            cut(power, device, share(2));
        }
    }

    @Test
    void dataAndSidecarOnOneFileSystemSurviveCuts() throws Exception {
        try (PowerTarget power = PowerTarget.open(1, EXT4)) {
            Path data = power.paths().getFirst();
            Path sidecar = data.resolveSibling("data.pi");
            cut(power, file(data, sidecar, Mode.JOURNAL, LARGE), share(3));
        }
    }

    @Test
    void dataAndSidecarSurviveCutsWithoutAJournal() throws Exception {
        try (PowerTarget power = PowerTarget.open(2, EXT4)) {
            Path data = power.paths().getFirst();
            Path sidecar = power.paths().getLast();
            cut(power, file(data, sidecar, Mode.NONE, LARGE), share(4));
        }
    }

    /** The canary of the devices: they keep what was forced, and nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--loop", "--fs ext4"})
    void canaryAWriteWithoutAForceVanishes(String options) throws Exception {
        String[] words = options.isEmpty() ? new String[0] : options.split(" ");
        try (PowerTarget power = PowerTarget.open(1, words)) {
            Path path = power.paths().getFirst();
            try (DirectFile file = DirectFile.open(path, DirectOptions.readWrite().create())) {
                write(file, 1);
                file.force();
                write(file, 2);
                assertEquals(2, version(file));
            }
            power.cut();
            try (DirectFile file = DirectFile.open(path, DirectOptions.readOnly())) {
                assertEquals(1, version(file));
            }
        }
    }

    private static void write(DirectFile file, long version) throws IOException {
        MemorySegment memory = MemorySegment.ofArray(new byte[PAGES.interval()]);
        PAGES.fill(memory, 0, CrashLayout.CELLS, version);
        file.write(memory, 0);
    }

    private static long version(DirectFile file) throws IOException {
        MemorySegment memory = MemorySegment.ofArray(new byte[PAGES.interval()]);
        file.read(memory, 0);
        return PAGES.parse(memory, 0).versions().getFirst();
    }

    /** The canary of the judge: a writer that says that it forces, and does not, is found out. */
    @Test
    void canaryAWriterThatDoesNotForceIsSeen() throws Exception {
        try (PowerTarget power = PowerTarget.open(2, EXT4)) {
            Path data = power.paths().getFirst();
            Path sidecar = power.paths().getLast();
            CrashRounds rounds = rounds(power, file(data, sidecar, Mode.JOURNAL, PAGES));
            AssertionError e =
                    assertThrows(
                            AssertionError.class,
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    rounds.round(Conduct.LIES);
                                }
                            });
            assertTrue(
                    String.valueOf(e.getMessage()).contains("what was forced is gone"),
                    e::toString);
        }
    }
}
