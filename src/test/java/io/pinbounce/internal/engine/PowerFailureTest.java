package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.DiskUser.FILE;
import static io.pinbounce.internal.engine.DiskUser.FOLDER;
import static io.pinbounce.internal.engine.DiskUser.OTHER;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Calls and transfers that the power fails in, and those after it. The seeds are fixed. */
class PowerFailureTest {

    private static final int SEEDS = 400;

    private static final int[] OLD = {1, 1, 1, 1, 1, 1, 1, 1};

    private final Random random = new Random(1);

    private final DiskUser user = new DiskUser();

    private final SimulatedDisk disk = user.disk;

    @Test
    void aDeadEngineRefusesAllCallsButClose() throws RingUnavailableException {
        int handle = user.durable(FILE, OLD);
        SimulatedEngine dead = user.engine();
        Submission write = user.prepWrite(handle, 0, 2);
        try (IoRing ring = dead.openRing(2)) {
            ring.prep(0, write);
            disk.powerCut(random);
            user.restart();
            user.open(FILE);
            long calls = disk.calls();
            assertEquals(0, ring.enter(1, 0));
            Completions done = new Completions(2);
            ring.drain(done);
            assertEquals(-Errno.EIO, done.result(0));
            assertTrue(dead.isDead());
            assertEquals(-Errno.EIO, dead.transfer(write));
            assertEquals(-Errno.EIO, dead.open(OTHER, 0));
            assertEquals(Errno.EIO, dead.status(FILE).errno());
            assertEquals(Errno.EIO, dead.facts(handle).status().errno());
            assertEquals(-Errno.EIO, dead.size(handle));
            assertEquals(-Errno.EIO, dead.truncate(handle, 0));
            assertEquals(-Errno.EIO, dead.allocate(handle, 0, 1 << 20));
            assertEquals(-Errno.EIO, dead.force(handle));
            assertEquals(-Errno.EIO, dead.forceFolder(FOLDER));
            assertEquals(-Errno.EIO, dead.lock(handle, Lock.EXCLUSIVE));
            assertEquals(-Errno.EIO, dead.cachedPages(handle, 0, 1));
            assertEquals(-Errno.EIO, dead.remove(FILE));
            assertEquals(1, dead.openHandles());
            assertEquals(-Errno.EIO, dead.close(handle));
            assertEquals(0, dead.openHandles());
            assertEquals(calls, disk.calls());
        }
        assertArrayEquals(OLD, user.fills(FILE));
        assertEquals(0, disk.pending(FILE));
    }

    @Test
    void theCallThatThePowerFailsInMayBeDone() {
        Set<List<Integer>> outcomes = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            DiskUser one = new DiskUser();
            int handle = one.durable(FILE, OLD);
            one.disk.cutPowerAt(3, new Random(seed));
            one.read(handle, 0);
            one.write(handle, 0, 2);
            Submission last = one.prepWrite(handle, 1, 3, 3);
            assertFalse(one.engine().isDead());
            assertEquals(-Errno.EIO, one.engine().transfer(last));
            assertTrue(one.engine().isDead());
            outcomes.add(Arrays.stream(one.fills(FILE)).limit(3).boxed().toList());
        }
        Set<List<Integer>> possible = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            possible.add(List.of(i % 2 + 1, (i / 2 % 2) * 2 + 1, (i / 4) * 2 + 1));
        }
        assertEquals(possible, outcomes);
    }

    @Test
    void aForceThatThePowerFailsInPromisesNothing() {
        int handle = user.durable(FILE, OLD);
        user.write(handle, 0, 2);
        disk.cutPowerAt(1, Mood.NOTHING, random);
        assertEquals(-Errno.EIO, user.engine().force(handle));
        assertArrayEquals(OLD, user.fills(FILE));
    }

    @Test
    void aNewFileThatThePowerFailsInHasNoHandle() {
        disk.cutPowerAt(1, Mood.EVERYTHING, random);
        assertEquals(-Errno.EIO, user.engine().open(FILE, OpenFlags.O_CREAT));
        assertEquals(0, user.engine().openHandles());
        assertEquals(Set.of(FILE), disk.files());
    }

    @Test
    void aPowerCutThatWasTakenBackDoesNotHappen() {
        int handle = user.durable(FILE, OLD);
        disk.cutPowerAt(1, random);
        disk.keepPower();
        user.write(handle, 0, 2);
        assertEquals(0, disk.cuts());
        assertThrows(IllegalArgumentException.class, () -> disk.cutPowerAt(0, random));
    }

    /** All, some or none of the write may be left, although no call reported it. */
    @Test
    void transfersInFlightMayBeDone() throws RingUnavailableException {
        Set<Integer> left = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            DiskUser one = new DiskUser();
            int handle = one.durable(FILE, OLD);
            one.engine().seed(seed);
            try (IoRing ring = one.engine().openRing(8)) {
                IntStream.range(0, 8)
                        .forEach(i -> ring.prep(i, one.prepWrite(Op.WRITE, handle, i, 2)));
                ring.enter(0, 0);
                Completions done = new Completions(8);
                ring.drain(done);
                one.disk.powerCut(Mood.EVERYTHING, new Random(seed));
                int written = (int) Arrays.stream(one.fills(FILE)).filter(f -> f == 2).count();
                assertTrue(written >= done.count());
                left.add(written - done.count());
                ring.enter(8 - done.count(), 0);
                done.clear();
                ring.drain(done);
                for (int i = 0; i < done.count(); i++) {
                    assertEquals(-Errno.EIO, done.result(i));
                }
            }
        }
        assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8), left);
    }

    @Test
    void aRingFailsInTheMiddleOfATransfer() throws RingUnavailableException {
        int handle = user.durable(FILE, OLD);
        disk.cutPowerAt(4, random);
        try (IoRing ring = user.engine().openRing(8)) {
            for (int i = 0; i < 8; i++) {
                ring.prep(i, user.prepWrite(Op.WRITE_FORCE, handle, i, 2));
            }
            ring.enter(8, 0);
            Completions done = new Completions(8);
            ring.drain(done);
            assertEquals(8, done.count());
            int failed = 0;
            for (int i = 0; i < 8; i++) {
                if (done.result(i) < 0) {
                    assertEquals(-Errno.EIO, done.result(i));
                    assertEquals(-Errno.ECANCELED, done.forced(i));
                    failed++;
                }
            }
            assertTrue(failed >= 6, "each takes two calls, failed=" + failed);
        }
        assertTrue(user.engine().isDead());
    }
}
