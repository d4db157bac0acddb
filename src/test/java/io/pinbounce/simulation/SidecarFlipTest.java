package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval.Cause;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.SidecarInfo;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.simulation.FlipDisk.Left;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Bits of a file and its sidecar flip, one at a time, at random positions: each is found, the
 * damaged interval is named, and all other intervals read right.
 */
class SidecarFlipTest extends IoTest {

    private final Random random = new Random(Seed.value());

    /** How many bits, for each way to leave a sidecar. */
    private static final int FLIPS = Share.of("pinbounce.flips", 150, 5_000);

    SidecarFlipTest() {
        super(new BouncePool(1 << 20, 1 << 20));
    }

    /** What one flip has done. */
    private final class Flip {

        final FlipDisk disk;

        final Path path;

        /** Of the byte whose bit has flipped. */
        final long position;

        final SimulatedEngine engine;

        Flip(FlipDisk disk, Path path, long position) {
            this.disk = disk;
            this.path = path;
            this.position = position;
            engine = disk.engine();
            engine.disk().flipBits(path, position, 1 << random.nextInt(8));
        }

        private SortedMap<Long, Cause> read(DirectOptions options) throws IOException {
            try (DirectFile file = OnEngine.file(FlipDisk.DATA, options, engine)) {
                return new FlippedRead(file, disk.expected).bad;
            } finally {
                assertEquals(0, engine.openHandles());
            }
        }

        void judge() throws IOException {
            SortedMap<Long, Cause> bad = read(readOnly());
            SidecarInfo info = OnEngine.info(FlipDisk.SIDECAR, engine);
            if (path.equals(FlipDisk.DATA)) {
                judgeData(bad);
                assertEquals(List.of(), info.damage());
                return;
            }
            assertEquals(1, info.damage().size(), info.damage().toString());
            String damage = info.damage().getFirst();
            boolean log = position >= FlipDisk.LOG && position < FlipDisk.MAP;
            long sector = position - position % 512;
            assertTrue(damage.contains(log ? "the log: sectors=1" : "position=" + sector), damage);
            if (log) {
                judgeLog(bad);
            } else if (position < FlipDisk.PAGES) {
                assertEquals(Map.of(), bad, "a superblock, or the map: there are two");
            } else {
                judgeTuples(bad, sector, info);
            }
        }

        private void judgeData(SortedMap<Long, Cause> bad) {
            assertEquals(Set.of(position / FlipDisk.INTERVAL), bad.keySet());
            Cause cause = bad.values().iterator().next();
            boolean cut = disk.logged.contains(bad.firstKey());
            assertTrue(
                    cause == Cause.MISMATCH
                            || cause == Cause.DIGEST
                            || (cut && cause == Cause.DAMAGED),
                    cause.toString());
        }

        /** Only what has its seal in that very sector, and nowhere else. */
        private void judgeLog(SortedMap<Long, Cause> bad) {
            assertTrue(disk.logged.containsAll(bad.keySet()), bad.toString());
            assertTrue(bad.size() <= 60, bad.toString());
        }

        private void judgeTuples(SortedMap<Long, Cause> bad, long sector, SidecarInfo info) {
            long page = (sector - FlipDisk.PAGES) / 4096;
            long first =
                    page * FlipDisk.PER_PAGE
                            + (sector - FlipDisk.PAGES) % 4096 / 512 * FlipDisk.PER_SECTOR;
            SortedMap<Long, Cause> lost = new TreeMap<>();
            for (long n = first; n < first + FlipDisk.PER_SECTOR && page != 1; n++) {
                if (!disk.logged.contains(n)) {
                    lost.put(n, Cause.TUPLE_LOST);
                }
            }
            assertEquals(lost, bad);
            assertEquals(page == 1 ? 0 : FlipDisk.PER_SECTOR, info.lostIntervals());
        }

        /** A writer repairs all that can be repaired, and reports no other interval. */
        void judgeAfterWriter() throws IOException {
            SortedMap<Long, Cause> before = read(readOnly());
            assertEquals(before, read(FlipDisk.options(pool)));
            assertEquals(before, read(readOnly()));
            SidecarInfo info = OnEngine.info(FlipDisk.SIDECAR, engine);
            assertTrue(info.clean());
        }
    }

    private DirectOptions readOnly() {
        return DirectOptions.readOnly().bouncePool(pool).protection(FlipDisk.protection());
    }

    /** Half of them in the data; in the sidecar, no part is so small that it is never hit. */
    private Flip any(FlipDisk disk) {
        long size = disk.sidecarSize();
        return switch (random.nextInt(8)) {
            case 0 -> new Flip(disk, FlipDisk.SIDECAR, random.nextLong(FlipDisk.LOG));
            case 1 -> inSidecar(disk, FlipDisk.LOG, FlipDisk.MAP);
            case 2 -> inSidecar(disk, FlipDisk.MAP, FlipDisk.PAGES);
            case 3 -> inSidecar(disk, FlipDisk.PAGES, size);
            default -> new Flip(disk, FlipDisk.DATA, random.nextInt(disk.expected.length));
        };
    }

    private Flip inSidecar(FlipDisk disk, long from, long to) {
        return new Flip(disk, FlipDisk.SIDECAR, random.nextLong(from, to));
    }

    @ParameterizedTest
    @EnumSource(Left.class)
    void everyFlipIsFoundAndNothingElseIsBlamed(Left left) throws IOException {
        FlipDisk disk = new FlipDisk(random, left, pool);
        for (int i = 0; i < FLIPS; i++) {
            Flip flip = any(disk);
            try {
                flip.judge();
                if (i % 10 == 0) {
                    flip.judgeAfterWriter();
                }
            } catch (AssertionError | RuntimeException | IOException e) {
                String where = flip.path + " position=" + flip.position;
                throw new AssertionError("flip " + i + ": " + where, e);
            }
        }
    }

    @Test
    void canaryAReaderThatDoesNotCheckIsFoundOut() throws IOException {
        FlipDisk disk = new FlipDisk(random, Left.CLEAN, pool);
        DirectOptions unchecked = DirectOptions.readOnly().bouncePool(pool);
        Flip flip = new Flip(disk, FlipDisk.DATA, 1000);
        assertThrows(AssertionError.class, () -> flip.judgeData(flip.read(unchecked)));
    }

    @Test
    void canaryAFlipThatIsNotWhereItShouldBeIsFoundOut() throws IOException {
        FlipDisk disk = new FlipDisk(random, Left.CLEAN, pool);
        for (Path path : new Path[] {FlipDisk.DATA, FlipDisk.SIDECAR}) {
            Flip flip = new Flip(disk, path, FlipDisk.PAGES + 1000);
            flip.engine.disk().flipBits(path, FlipDisk.PAGES + 4 * 512, 1);
            assertThrows(AssertionError.class, flip::judge);
        }
    }
}
