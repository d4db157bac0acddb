package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.DiskUser.FILE;
import static io.pinbounce.internal.engine.DiskUser.OTHER;
import static io.pinbounce.internal.engine.SectorMap.SECTOR;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.PowerCut.Remains;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** What a power cut leaves. The seeds are fixed, so the outcomes are always the same. */
class PowerCutTest {

    private static final int SEEDS = 400;

    private static final int[] OLD = {1, 1, 1, 1, 1, 1, 1, 1};

    private final Random random = new Random(1);

    private final DiskUser user = new DiskUser();

    private final SimulatedDisk disk = user.disk;

    /**
     * What is left of a durable file of eight sectors after some changes and a cut, for all seeds.
     */
    private static Set<List<Integer>> outcomes(Mood mood, Consumer<DiskUser> changes) {
        Set<List<Integer>> outcomes = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            DiskUser user = new DiskUser();
            user.durable(FILE, OLD);
            changes.accept(user);
            user.disk.powerCut(mood, new Random(seed));
            outcomes.add(Arrays.stream(user.fills(FILE)).boxed().toList());
        }
        return outcomes;
    }

    private static void writeFourTwice(DiskUser user) {
        int handle = user.open(FILE);
        user.write(handle, 2, 2, 2, 2, 2);
        user.write(handle, 4, 3, 3, 3, 3);
    }

    @Test
    void eachMoodLeavesTheChangesThatItPromises() {
        Set<List<Integer>> nothing = outcomes(Mood.NOTHING, PowerCutTest::writeFourTwice);
        assertEquals(Set.of(List.of(1, 1, 1, 1, 1, 1, 1, 1)), nothing);
        Set<List<Integer>> everything = outcomes(Mood.EVERYTHING, PowerCutTest::writeFourTwice);
        assertEquals(Set.of(List.of(1, 1, 2, 2, 3, 3, 3, 3)), everything);
        Set<List<Integer>> one = outcomes(Mood.ONE_SECTOR, PowerCutTest::writeFourTwice);
        assertEquals(8, one.size());
        one.forEach(fills -> assertEquals(7, fills.stream().filter(f -> f == 1).count()));
        Set<List<Integer>> allButOne = outcomes(Mood.ALL_BUT_ONE, PowerCutTest::writeFourTwice);
        assertTrue(allButOne.contains(List.of(1, 1, 1, 2, 3, 3, 3, 3)), "a sector is lost");
        assertTrue(allButOne.contains(List.of(1, 1, 2, 2, 2, 3, 3, 3)), "an older version is left");
        assertTrue(allButOne.contains(List.of(1, 1, 2, 2, 3, 3, 3, 3)), "no reader sees that");
        Set<List<Integer>> newest = outcomes(Mood.NEWEST, PowerCutTest::writeFourTwice);
        assertTrue(newest.contains(List.of(1, 1, 1, 1, 3, 3, 3, 3)), "a whole request");
        assertTrue(newest.contains(List.of(1, 1, 1, 1, 1, 1, 1, 3)), "its last sector");
        assertFalse(newest.contains(List.of(1, 1, 2, 2, 1, 1, 1, 1)));
        Set<List<Integer>> inOrder = outcomes(Mood.IN_ORDER, PowerCutTest::writeFourTwice);
        assertTrue(inOrder.contains(List.of(1, 1, 2, 2, 2, 2, 1, 1)), "a whole request");
        assertTrue(inOrder.contains(List.of(1, 1, 2, 1, 1, 1, 1, 1)), "its first sector");
        assertEquals(9, inOrder.size());
    }

    @Test
    void aSubsetIsAnyOfAllVersionsOfEachSectorForItself() {
        Set<List<Integer>> subsets = outcomes(Mood.SUBSET, PowerCutTest::writeFourTwice);
        assertTrue(subsets.size() > 70, "outcomes=" + subsets.size());
        for (int sector = 0; sector < OLD.length; sector++) {
            Set<Integer> versions = new HashSet<>();
            for (List<Integer> outcome : subsets) {
                versions.add(outcome.get(sector));
            }
            Set<Integer> possible =
                    switch (sector) {
                        case 0, 1 -> Set.of(1);
                        case 2, 3 -> Set.of(1, 2);
                        case 4, 5 -> Set.of(1, 2, 3);
                        default -> Set.of(1, 3);
                    };
            assertEquals(possible, versions, "sector=" + sector);
        }
    }

    @Test
    void allMoodsComeUpOftenForOneFileAndForTwo() {
        Map<Mood, Integer> times = new EnumMap<>(Mood.class);
        int apart = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            DiskUser one = new DiskUser();
            one.durable(FILE, OLD);
            one.durable(OTHER, OLD);
            one.disk.powerCut(new Random(seed));
            List<Remains> remains = one.disk.remains();
            assertEquals(2, remains.size());
            times.merge(remains.get(0).mood(), 1, Integer::sum);
            apart += remains.get(0).mood() == remains.get(1).mood() ? 0 : 1;
        }
        for (Mood mood : Mood.values()) {
            assertTrue(times.getOrDefault(mood, 0) > SEEDS / 20, mood + " of " + times);
        }
        assertTrue(apart > SEEDS / 4 && apart < SEEDS * 3 / 4, "apart=" + apart);
    }

    @Test
    void forcedDataIsLeftInEveryMood() {
        for (Mood mood : Mood.values()) {
            Set<List<Integer>> outcomes =
                    outcomes(
                            mood,
                            one -> {
                                int handle = one.open(FILE);
                                one.write(handle, 0, 2, 2, 2, 2);
                                assertEquals(0, one.engine().truncate(handle, 5 * SECTOR));
                                assertEquals(0, one.engine().force(handle));
                            });
            assertEquals(Set.of(List.of(2, 2, 2, 2, 1)), outcomes, mood.toString());
        }
    }

    /** Sizes are left as a prefix, and sectors past the size are gone. */
    @Test
    void sizesAreLeftInOrder() {
        Set<List<Integer>> outcomes =
                outcomes(
                        Mood.SUBSET,
                        one -> {
                            int handle = one.open(FILE);
                            assertEquals(0, one.engine().truncate(handle, 2 * SECTOR));
                            one.write(handle, 2, 2);
                            assertEquals(0, one.engine().allocate(handle, 0, 5 * SECTOR));
                        });
        assertEquals(
                Set.of(
                        List.of(1, 1, 1, 1, 1, 1, 1, 1),
                        List.of(1, 1),
                        List.of(1, 1, 0),
                        List.of(1, 1, 2),
                        List.of(1, 1, 0, 0, 0),
                        List.of(1, 1, 2, 0, 0)),
                outcomes);
    }

    @Test
    void aSizeWithinASectorLeavesZerosBehindIt() {
        for (int seed = 0; seed < SEEDS; seed++) {
            DiskUser one = new DiskUser();
            int handle = one.durable(FILE, OLD);
            one.write(handle, 1, 2);
            assertEquals(0, one.engine().truncate(handle, SECTOR + 100));
            one.disk.powerCut(Mood.SUBSET, new Random(seed));
            one.restart();
            long size = one.disk.size(FILE);
            assertEquals(0, one.engine().truncate(one.open(FILE), 3 * SECTOR));
            byte[] second = one.disk.contents(FILE, SECTOR, SECTOR);
            int fill = second[0];
            assertTrue(fill == 1 || fill == 2, "fill=" + fill);
            int past = size == SECTOR + 100 ? 0 : fill;
            assertTrue(size == SECTOR + 100 || size == 8 * SECTOR, "size=" + size);
            for (int i = 0; i < SECTOR; i++) {
                assertEquals(i < 100 ? fill : past, second[i], "seed=" + seed + " i=" + i);
            }
        }
    }

    @Test
    void namesAreLeftOneByOne() {
        Set<Set<?>> outcomes = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            DiskUser one = new DiskUser();
            one.open(FILE);
            one.open(OTHER);
            assertEquals(0, one.engine().remove(FILE));
            one.disk.powerCut(new Random(seed));
            outcomes.add(one.disk.files());
        }
        assertEquals(Set.of(Set.of(), Set.of(FILE), Set.of(OTHER), Set.of(FILE, OTHER)), outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void cutsFollowEachOther(Mood mood) {
        user.durable(FILE, OLD);
        for (int cut = 1; cut <= 50; cut++) {
            int[] before = user.fills(FILE);
            int handle = user.open(FILE);
            int fill = cut + 1;
            user.write(handle, cut % 10, fill, fill, fill);
            disk.powerCut(mood, random);
            user.restart();
            int[] after = user.fills(FILE);
            for (int i = 0; i < after.length; i++) {
                int old = i < before.length ? before[i] : 0;
                boolean written = i >= cut % 10 && i < cut % 10 + 3;
                assertTrue(after[i] == old || (written && after[i] == fill), "sector=" + i);
            }
            assertEquals(cut, disk.cuts());
        }
    }
}
