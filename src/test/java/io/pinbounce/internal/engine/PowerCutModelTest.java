package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.DiskUser.FILE;
import static io.pinbounce.internal.engine.DiskUser.OTHER;
import static io.pinbounce.internal.engine.SectorMap.SECTOR;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Random changes to two files and many cuts, compared with what the rules allow to be left. */
class PowerCutModelTest {

    private static final int RUNS = 300;

    private static final int CUTS = 4;

    private static final int SECTORS = 12;

    private static final List<Path> FILES = List.of(FILE, OTHER);

    /** A disk, and the models of its files. */
    private static final class Run {

        private final Random random;

        private final DiskUser user = new DiskUser();

        private final Map<Path, CutModel> models = new HashMap<>();

        Run(long seed) {
            random = new Random(seed);
            for (Path path : FILES) {
                user.durable(path);
                models.put(path, new CutModel());
            }
        }

        CutModel model(Path path) {
            return Objects.requireNonNull(models.get(path));
        }

        byte[] bytes() {
            byte[] bytes = new byte[SECTOR * (1 + random.nextInt(4))];
            random.nextBytes(bytes);
            return bytes;
        }

        void changeSome() {
            for (int i = random.nextInt(16); i >= 0; i--) {
                change(FILES.get(random.nextInt(2)));
            }
        }

        private void change(Path path) {
            CutModel model = model(path);
            SimulatedEngine engine = user.engine();
            long position = (long) SECTOR * random.nextInt(SECTORS);
            int handle = user.open(path);
            switch (random.nextInt(12)) {
                case 0 -> {
                    assertEquals(0, engine.force(handle));
                    model.settle(user.disk.contents(path));
                }
                case 1, 2 -> {
                    byte[] bytes = bytes();
                    user.writeBytes(user.open(path, OpenFlags.O_DSYNC), position, bytes);
                    model.writeDurably(position, bytes);
                }
                case 3, 4 -> {
                    long size = random.nextInt(SECTORS * SECTOR);
                    assertEquals(0, engine.truncate(handle, size));
                    model.resize(size);
                }
                case 5 -> {
                    long end = random.nextInt(SECTORS * SECTOR);
                    long size = Math.max(end, engine.size(handle));
                    assertEquals(0, engine.allocate(handle, 0, end));
                    model.resize(size);
                }
                default -> {
                    byte[] bytes = bytes();
                    user.writeBytes(handle, position, bytes);
                    model.write(position, bytes);
                }
            }
        }

        void cut() {
            user.disk.powerCut(random);
            user.restart();
        }

        void settle() {
            for (Path path : FILES) {
                model(path).settle(user.disk.contents(path));
            }
        }
    }

    @Test
    void aPowerCutLeavesWhatTheRulesAllow() {
        for (int i = 0; i < RUNS; i++) {
            Run run = new Run(Seed.value() + i);
            for (int cut = 0; cut < CUTS; cut++) {
                run.changeSome();
                run.cut();
                for (Path path : FILES) {
                    byte[] left = run.user.disk.contents(path);
                    assertArrayEquals(left, run.user.disk.durable(path));
                    assertTrue(
                            run.model(path).allows(left),
                            "run=" + i + " cut=" + cut + " " + run.user.disk.remains());
                }
                run.settle();
            }
        }
    }

    /** A cut may leave what readers see, and what is durable. */
    @Test
    void theExtremesAreAllowed() {
        for (int i = 0; i < RUNS; i++) {
            Run run = new Run(Seed.value() + i);
            run.changeSome();
            for (Path path : FILES) {
                assertTrue(run.model(path).allows(run.user.disk.contents(path)), "run=" + i);
                assertTrue(run.model(path).allows(run.user.disk.durable(path)), "run=" + i);
            }
        }
    }

    @Test
    void canaryOtherBytesAreNotAllowed() {
        int checked = 0;
        for (int i = 0; i < RUNS; i++) {
            Run run = new Run(Seed.value() + i);
            run.changeSome();
            run.cut();
            byte[] left = run.user.disk.contents(FILE);
            if (left.length > 0) {
                left[run.random.nextInt(left.length)] ^= 1;
                assertFalse(run.model(FILE).allows(left), "run=" + i);
                checked++;
            }
        }
        assertTrue(checked > RUNS / 4, "checked=" + checked);
    }

    @Test
    void canaryTornSectorsAndForgottenForcesAreNotAllowed() {
        CutModel model = new CutModel();
        byte[] ones = new byte[2 * SECTOR];
        byte[] twos = new byte[2 * SECTOR];
        Arrays.fill(ones, (byte) 1);
        Arrays.fill(twos, (byte) 2);
        model.settle(ones);
        model.write(0, twos);
        byte[] torn = twos.clone();
        Arrays.fill(torn, 0, SECTOR, (byte) 1);
        assertTrue(model.allows(torn));
        torn[SECTOR + 100] = 1;
        assertFalse(model.allows(torn), "within a sector");
        assertTrue(model.allows(ones));
        model.settle(twos);
        assertFalse(model.allows(ones), "it was forced");
        model.resize(SECTOR);
        model.resize(2 * SECTOR);
        byte[] halves = Arrays.copyOf(Arrays.copyOf(twos, SECTOR), 2 * SECTOR);
        assertTrue(model.allows(halves));
        model.writeDurably(0, ones);
        assertFalse(model.allows(halves), "it was written durably");
        assertFalse(model.allows(twos), "what was cut off came back");
    }
}
