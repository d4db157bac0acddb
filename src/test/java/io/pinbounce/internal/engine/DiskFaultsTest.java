package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.DiskUser.FILE;
import static io.pinbounce.internal.engine.DiskUser.FOLDER;
import static io.pinbounce.internal.engine.DiskUser.OTHER;
import static io.pinbounce.internal.engine.SectorMap.SECTOR;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.DiskFaults.Incident;
import io.pinbounce.internal.engine.DiskFaults.Kind;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

class DiskFaultsTest {

    private static final int[] OLD = {1, 1, 1, 1, 1, 1, 1, 1};

    private final Random random = new Random(1);

    private final DiskUser user = new DiskUser();

    private final SimulatedDisk disk = user.disk;

    private final DiskFaults faults = disk.faults();

    private static boolean is(DiskCall call, DiskCall.Kind kind) {
        return call.kind() == kind;
    }

    @Test
    void aFaultHappensOnceToTheCallThatIsChosen() {
        int handle = user.durable(FILE, OLD);
        faults.once(Kind.EIO, call -> is(call, DiskCall.Kind.READ) && call.position() == SECTOR);
        user.read(handle, 0);
        Submission read = new Submission();
        read.prep(Submission.Op.READ, new FileHandle(handle), SECTOR);
        assertEquals(-Errno.EIO, user.engine().transfer(read));
        user.read(handle, 1);
        Incident incident = faults.incidents().getFirst();
        assertEquals(Kind.EIO, incident.kind());
        assertEquals(FILE, incident.path());
        assertEquals(SECTOR, incident.position());
        assertEquals(disk.calls() - 1, incident.call());
        assertEquals(1, faults.incidents().size());
    }

    @Test
    void aFailedWriteMayHaveBeenDoneInPart() {
        Set<Integer> written = new TreeSet<>();
        for (int i = 2; i < 100; i++) {
            faults.clear();
            int handle = user.durable(FILE, OLD);
            faults.rate(Kind.EIO, 1, call -> is(call, DiskCall.Kind.WRITE));
            assertEquals(-Errno.EIO, user.engine().transfer(user.prepWrite(handle, 0, i, i, i)));
            int fill = i;
            int[] fills = user.fills(FILE);
            int done = (int) Arrays.stream(fills).filter(f -> f == fill).count();
            assertTrue(Arrays.stream(fills).limit(done).allMatch(f -> f == fill), "in order");
            written.add(done);
        }
        assertEquals(Set.of(0, 1, 2, 3), written);
    }

    @Test
    void eachControlCallFailsAndDoesNothing() {
        int handle = user.durable(FILE, OLD);
        user.write(handle, 0, 2);
        faults.rate(Kind.EIO, 1);
        SimulatedEngine engine = user.engine();
        assertEquals(-Errno.EIO, engine.open(FILE, 0));
        assertEquals(-Errno.EIO, engine.open(OTHER, OpenFlags.O_CREAT));
        assertEquals(-Errno.EIO, engine.truncate(handle, 0));
        assertEquals(-Errno.EIO, engine.allocate(handle, 0, 1 << 20));
        assertEquals(-Errno.EIO, engine.force(handle));
        assertEquals(-Errno.EIO, engine.remove(FILE));
        assertEquals(-Errno.EIO, engine.forceFolder(FOLDER));
        assertEquals(7, faults.incidents(Kind.EIO).size());
        assertEquals(Set.of(FILE), disk.files());
        assertEquals(8 * SECTOR, disk.size(FILE));
        assertEquals(1, disk.pending(FILE));
        faults.clear();
        assertEquals(0, engine.truncate(handle, 0));
    }

    @Test
    void callsThatNeedNewRoomFail() {
        int handle = user.durable(FILE, OLD);
        faults.rate(Kind.ENOSPC, 1);
        SimulatedEngine engine = user.engine();
        assertEquals(-Errno.ENOSPC, engine.transfer(user.prepWrite(handle, 8, 2)));
        assertEquals(-Errno.ENOSPC, engine.allocate(handle, 0, 1 << 20));
        assertEquals(-Errno.ENOSPC, engine.open(OTHER, OpenFlags.O_CREAT));
        assertEquals(0, engine.truncate(handle, 100));
        assertEquals(0, engine.force(handle));
        assertEquals(100, disk.durableSize(FILE));
    }

    @Test
    void shortTransfersMoveSomeOfTheirBlocks() {
        int handle = user.durable(FILE, OLD);
        faults.rate(Kind.SHORT_TRANSFER, 1);
        user.write(handle, 0, 2); // a single block is written wholly or not at all
        Set<Long> moved = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            moved.add(user.engine().transfer(user.prepWrite(handle, 0, 3, 3, 3, 3)));
        }
        assertEquals(Set.of(1L * SECTOR, 2L * SECTOR, 3L * SECTOR), moved);
        assertArrayEquals(new int[] {3, 3, 3, 1}, Arrays.copyOf(user.fills(FILE), 4));
    }

    @Test
    void aPowerCutRevealsADroppedFlush() {
        int handle = user.durable(FILE, OLD);
        user.write(handle, 0, 2);
        faults.rate(Kind.DROPPED_FLUSH, 1);
        long flushes = disk.flushes();
        assertEquals(0, user.engine().force(handle));
        assertEquals(flushes + 1, disk.flushes());
        user.write(user.open(FILE, OpenFlags.O_DSYNC), 1, 3);
        user.open(OTHER);
        assertEquals(0, user.engine().forceFolder(FOLDER));
        List<DiskCall.Kind> lies =
                faults.incidents(Kind.DROPPED_FLUSH).stream()
                        .map(incident -> incident.made().kind())
                        .toList();
        assertEquals(
                List.of(DiskCall.Kind.FORCE, DiskCall.Kind.WRITE, DiskCall.Kind.FORCE_FOLDER),
                lies);
        assertEquals(2, user.read(handle, 0));
        disk.powerCut(Mood.NOTHING, random);
        assertArrayEquals(OLD, user.fills(FILE));
        assertEquals(Set.of(FILE), disk.files());
    }

    @Test
    void aLaterFlushMakesTheDataOfADroppedOneDurable() {
        int handle = user.durable(FILE, OLD);
        user.write(handle, 0, 2);
        faults.once(Kind.DROPPED_FLUSH, _ -> true);
        assertEquals(0, user.engine().force(handle));
        assertEquals(1, disk.pending(FILE));
        assertEquals(0, user.engine().force(handle));
        disk.powerCut(Mood.NOTHING, random);
        assertEquals(2, user.fills(FILE)[0]);
    }

    /** The bit flips on the medium, in the cache, and in all pending changes. */
    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"NOTHING", "EVERYTHING", "SUBSET", "IN_ORDER"})
    void aBitFlipChangesTheMediumAndTheCache(Mood mood) {
        int handle = user.durable(FILE, 16, 16, 16);
        user.write(handle, 1, 32);
        user.write(handle, 1, 64, 64);
        disk.flipBits(FILE, SECTOR + 5, 7);
        assertEquals(64 + 7, disk.contents(FILE, SECTOR + 5, 1)[0]);
        assertEquals(16 + 7, disk.durable(FILE, SECTOR + 5, 1)[0]);
        disk.powerCut(mood, random);
        byte[] left = disk.contents(FILE, SECTOR, SECTOR);
        assertEquals(left[0] + 7, left[5]);
        assertThrows(IllegalArgumentException.class, () -> disk.flipBits(FILE, 3 * SECTOR, 1));
    }

    @Test
    void aBitFlipIsSeenByTheReadThatItIsMadeFor() {
        int handle = user.durable(FILE, OLD);
        for (int i = 0; i < 50; i++) {
            faults.once(Kind.BIT_FLIP, call -> is(call, DiskCall.Kind.READ));
            byte[] before = disk.contents(FILE);
            Submission read = new Submission();
            read.prep(Submission.Op.READ, new FileHandle(handle), 2 * SECTOR);
            read.add(Arena.ofAuto().allocate(SECTOR, SECTOR));
            assertEquals(SECTOR, user.engine().transfer(read));
            byte[] after = disk.contents(FILE);
            int at = Arrays.mismatch(before, after);
            assertTrue(at >= 2 * SECTOR && at < 3 * SECTOR, "at=" + at);
            assertEquals(at, faults.incidents().getLast().position());
            assertEquals(1, Integer.bitCount((before[at] ^ after[at]) & 0xff));
            assertArrayEquals(after, disk.durable(FILE));
            assertEquals(after[at], read.segment(0).get(ValueLayout.JAVA_BYTE, at % SECTOR));
        }
    }

    @Test
    void aMisdirectedWriteDoesNotTouchItsOwnPosition() {
        Set<Long> hits = new TreeSet<>();
        for (int i = 2; i < 100; i++) {
            int handle = user.durable(FILE, OLD);
            faults.once(Kind.MISDIRECTED_WRITE, _ -> true);
            user.write(handle, 3, i, i);
            long hit = faults.incidents().getLast().position() / SECTOR;
            int[] expected = OLD.clone();
            expected[(int) hit] = i;
            expected[(int) hit + 1] = i;
            assertArrayEquals(expected, user.fills(FILE));
            hits.add(hit);
        }
        assertEquals(Set.of(0L, 1L, 5L, 6L), hits);
        assertThrows(
                IllegalArgumentException.class, () -> faults.rate(Kind.MISDIRECTED_WRITE, 0.5));
    }

    @Test
    void aMisdirectedWritePastTheEndLeavesZeros() {
        int handle = user.durable(FILE, 1);
        faults.once(Kind.MISDIRECTED_WRITE, _ -> true);
        user.write(handle, 0, 2); // there is no other position
        assertEquals(0, faults.incidents().size());
        user.write(user.open(FILE, OpenFlags.O_DSYNC), 1, 3);
        disk.powerCut(Mood.NOTHING, random);
        assertArrayEquals(new int[] {3, 0}, user.fills(FILE));
    }

    @Test
    void ratesAndSeedsDecideHowOftenFaultsHappen() {
        assertEquals(struck(1), struck(1));
        assertFalse(struck(1).equals(struck(2)));
        int struck = struck(3).cardinality();
        assertTrue(struck > 150 && struck < 350, "of 1000 at 0.25: " + struck);
    }

    private static BitSet struck(long seed) {
        DiskUser user = new DiskUser();
        int handle = user.durable(FILE, OLD);
        user.disk.faults().seed(seed);
        user.disk.faults().rate(Kind.EIO, 0.25);
        BitSet struck = new BitSet();
        for (int i = 0; i < 1000; i++) {
            struck.set(i, user.engine().force(handle) < 0);
        }
        return struck;
    }

    @Test
    void faultSettingsSurviveAPowerCut() {
        user.durable(FILE, OLD);
        faults.rate(Kind.EIO, 1, call -> is(call, DiskCall.Kind.OPEN));
        disk.powerCut(random);
        user.restart();
        assertEquals(-Errno.EIO, user.engine().open(FILE, 0));
        assertThrows(IllegalArgumentException.class, () -> faults.rate(Kind.EIO, 1.5));
    }

    @Test
    void aHookMayCutThePower() {
        int handle = user.durable(FILE, OLD);
        Set<Long> positions = new HashSet<>();
        user.engine()
                .fault(
                        submission -> {
                            positions.add(submission.position());
                            disk.powerCut(Mood.EVERYTHING, random);
                            return SimulatedEngine.Outcome.NORMAL;
                        });
        assertEquals(-Errno.EIO, user.engine().transfer(user.prepWrite(handle, 1, 2)));
        assertEquals(Set.of((long) SECTOR), positions);
        assertArrayEquals(OLD, user.fills(FILE));
    }
}
