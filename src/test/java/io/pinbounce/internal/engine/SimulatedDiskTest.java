package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.DiskUser.FILE;
import static io.pinbounce.internal.engine.DiskUser.FOLDER;
import static io.pinbounce.internal.engine.DiskUser.OTHER;
import static io.pinbounce.internal.engine.SectorMap.SECTOR;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.Random;
import java.util.Set;

/** What is durable on a simulated disk, and when. */
class SimulatedDiskTest {

    private final Random random = new Random(1);

    private final DiskUser user = new DiskUser();

    private final SimulatedDisk disk = user.disk;

    /** Cuts the power and loses all pending changes. */
    private void loseAll() {
        disk.powerCut(Mood.NOTHING, random);
        user.restart();
    }

    @Test
    void readersSeeWhatIsNotDurable() {
        int handle = user.durable(FILE, 1, 1);
        user.write(handle, 1, 2, 2);
        assertEquals(2, user.read(handle, 1));
        assertArrayEquals(new int[] {1, 2, 2}, user.fills(FILE));
        assertArrayEquals(new int[] {1, 1}, DiskUser.fills(disk.durable(FILE)));
        assertEquals(3 * SECTOR, disk.size(FILE));
        assertEquals(2 * SECTOR, disk.durableSize(FILE));
        assertEquals(3, disk.pending(FILE)); // two sectors and a size
        loseAll();
        assertArrayEquals(new int[] {1, 1}, user.fills(FILE));
        assertEquals(0, disk.pending(FILE));
    }

    @Test
    void partsOfAFileAreReadAtAnyPosition() {
        user.durable(FILE, 1, 2, 3);
        assertArrayEquals(new byte[] {1, 2, 2}, disk.contents(FILE, SECTOR - 1, 3));
        assertArrayEquals(new byte[] {3, 3}, disk.durable(FILE, 3 * SECTOR - 2, 100));
        assertEquals(0, disk.contents(FILE, 10_000, 100).length);
    }

    @Test
    void aForceMakesItsFileDurableAndNoOther() {
        int handle = user.durable(FILE, 1);
        int other = user.durable(OTHER, 1);
        user.write(handle, 0, 2, 2);
        user.write(other, 0, 2, 2);
        assertEquals(0, user.engine().force(handle));
        assertEquals(0, disk.pending(FILE));
        loseAll();
        assertArrayEquals(new int[] {2, 2}, user.fills(FILE));
        assertArrayEquals(new int[] {1}, user.fills(OTHER));
    }

    @Test
    void aForceAsATransferDoesTheSame() {
        int handle = user.durable(FILE, 1);
        user.write(handle, 0, 2);
        Submission force = new Submission();
        force.prep(Op.FORCE, new FileHandle(handle), 0);
        assertEquals(0, user.engine().transfer(force));
        loseAll();
        assertArrayEquals(new int[] {2}, user.fills(FILE));
    }

    @Test
    void aForcedWriteIsOnlyAWriteWithoutARing() throws RingUnavailableException {
        int handle = user.durable(FILE, 1);
        Submission write = user.prepWrite(Op.WRITE_FORCE, handle, 0, 2);
        assertEquals(SECTOR, user.engine().transfer(write));
        assertEquals(1, disk.pending(FILE));
        try (IoRing ring = user.engine().openRing(1)) {
            ring.prep(0, user.prepWrite(Op.WRITE_FORCE, handle, 0, 3));
            ring.enter(1, Long.MAX_VALUE);
        }
        loseAll();
        assertArrayEquals(new int[] {3}, user.fills(FILE));
    }

    @Test
    void aSynchronousWriteIsDurableAndNothingElse() {
        int handle = user.durable(FILE, 1, 1, 1);
        int dsync = user.open(FILE, OpenFlags.O_DSYNC);
        user.write(handle, 0, 2, 2, 2);
        user.write(dsync, 1, 3);
        loseAll();
        assertArrayEquals(new int[] {1, 3, 1}, user.fills(FILE));
    }

    /** Older versions of its sectors cannot come back. */
    @ParameterizedTest
    @EnumSource(Mood.class)
    void aSynchronousWriteIsTheOldestThatCanBeLeft(Mood mood) {
        int handle = user.durable(FILE, 1, 1);
        int dsync = user.open(FILE, OpenFlags.O_DSYNC);
        user.write(handle, 0, 2, 2);
        user.write(dsync, 0, 3);
        disk.powerCut(mood, random);
        assertEquals(3, user.fills(FILE)[0]);
    }

    @Test
    void aSynchronousWritePastTheEndMakesTheSizeDurable() {
        int handle = user.durable(FILE, 1, 1, 1);
        int dsync = user.open(FILE, OpenFlags.O_DSYNC);
        user.write(handle, 0, 2, 2, 2);
        assertEquals(0, user.engine().truncate(handle, SECTOR));
        user.write(dsync, 3, 3);
        // The sector that was cut off reads as zeros, although a write to it was pending.
        assertArrayEquals(new int[] {1, 0, 0, 3}, DiskUser.fills(disk.durable(FILE)));
        disk.powerCut(Mood.EVERYTHING, random);
        assertArrayEquals(new int[] {2, 0, 0, 3}, user.fills(FILE));
    }

    @Test
    void aSynchronousWriteMakesANewNameDurable() {
        user.write(user.open(FILE, OpenFlags.O_DSYNC), 0, 1);
        loseAll();
        assertArrayEquals(new int[] {1}, user.fills(FILE));
    }

    @Test
    void aNewNameIsDurableWithItsFolder() {
        user.open(FILE);
        assertEquals(Set.of(FILE), disk.files());
        assertEquals(Set.of(), disk.durableFiles());
        assertEquals(0, user.engine().forceFolder(Path.of("/elsewhere")));
        assertEquals(Set.of(), disk.durableFiles());
        assertEquals(0, user.engine().forceFolder(FOLDER));
        user.open(OTHER);
        loseAll();
        assertEquals(Set.of(FILE), disk.files());
    }

    @Test
    void aNewNameIsDurableWithItsFileAndNoOtherIs() {
        user.open(OTHER);
        user.durable(FILE, 1);
        loseAll();
        assertEquals(Set.of(FILE), disk.files());
    }

    @Test
    void aRemovedNameComesBackUntilItsFolderIsForced() {
        int handle = user.durable(FILE, 1);
        assertEquals(0, user.engine().remove(FILE));
        assertEquals(-Errno.ENOENT, user.engine().remove(FILE));
        assertEquals(Errno.ENOENT, user.engine().status(FILE).errno());
        assertEquals(0, user.engine().force(handle));
        loseAll();
        assertArrayEquals(new int[] {1}, user.fills(FILE));
        assertEquals(0, user.engine().remove(FILE));
        assertEquals(0, user.engine().forceFolder(FOLDER));
        loseAll();
        assertEquals(Set.of(), disk.files());
    }

    @Test
    void aFileInTheNameOfARemovedOneReplacesItOnceItIsForced() {
        user.durable(FILE, 1);
        assertEquals(0, user.engine().remove(FILE));
        int handle = user.open(FILE);
        user.write(handle, 0, 2);
        assertArrayEquals(new int[] {1}, DiskUser.fills(disk.durable(FILE)));
        assertEquals(0, user.engine().force(handle));
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk copy = disk.copy();
            copy.powerCut(new Random(seed));
            assertArrayEquals(new int[] {2}, DiskUser.fills(copy.contents(FILE)));
        }
    }

    @Test
    void aPowerCutKeepsInodesAndDropsLocks() {
        int handle = user.durable(FILE, 1);
        user.durable(OTHER);
        long inode = user.engine().facts(handle).status().inode();
        assertNotEquals(inode, user.engine().status(OTHER).inode());
        assertEquals(0, user.engine().lock(handle, Lock.EXCLUSIVE));
        assertEquals(-Errno.EAGAIN, user.engine().lock(user.open(FILE), Lock.SHARED));
        loseAll();
        assertEquals(inode, user.engine().status(FILE).inode());
        assertEquals(0, user.engine().openHandles());
        assertEquals(0, user.engine().lock(user.open(FILE), Lock.EXCLUSIVE));
    }

    @Test
    void enginesOverOneDiskAreProcessesOfOneMachine() {
        int handle = user.durable(FILE, 1);
        DiskUser second = new DiskUser(new SimulatedEngine(disk));
        int other = second.open(FILE);
        user.write(handle, 0, 2);
        assertEquals(2, second.read(other, 0));
        assertEquals(0, user.engine().lock(handle, Lock.EXCLUSIVE));
        assertEquals(-Errno.EAGAIN, second.engine().lock(other, Lock.EXCLUSIVE));
        assertEquals(0, user.engine().close(handle));
        assertEquals(0, second.engine().lock(other, Lock.EXCLUSIVE));
        loseAll();
        assertEquals(-Errno.EIO, second.engine().size(other));
    }

    @Test
    void restartingNeedsAPowerCut() {
        assertThrows(IllegalStateException.class, user::restart);
        disk.powerCut(random);
        user.restart();
        assertThrows(IllegalStateException.class, user::restart);
    }

    @Test
    void aCopiedDiskChangesIndependently() {
        int handle = user.durable(FILE, 1);
        user.write(handle, 0, 2);
        user.open(OTHER);
        DiskUser copy = new DiskUser(new SimulatedEngine(disk.copy()));
        assertEquals(disk.calls(), copy.disk.calls());
        user.write(handle, 0, 3);
        assertArrayEquals(new int[] {2}, copy.fills(FILE));
        copy.disk.powerCut(Mood.NOTHING, random);
        assertArrayEquals(new int[] {1}, copy.fills(FILE));
        assertEquals(Set.of(FILE), copy.disk.files());
        copy.restart();
        copy.write(copy.open(FILE), 0, 4);
        assertEquals(3, user.read(handle, 0));
        assertEquals(user.engine().status(FILE).inode(), copy.engine().status(FILE).inode());
    }

    @Test
    void aFullCacheWritesBackItsOldestChanges() {
        int handle = user.durable(FILE);
        int rounds = SimulatedFile.MAX_PENDING / 60;
        int[] fills = new int[64];
        for (int i = 0; i < rounds; i++) {
            fills[0] = i % 100;
            user.write(handle, 0, fills);
        }
        assertTrue(disk.pending(FILE) <= SimulatedFile.MAX_PENDING);
        assertEquals(64 * SECTOR, disk.durableSize(FILE));
    }

    @Test
    void aFullDiskTakesOnlyWhatFits() {
        user.engine().capacity(4 * SECTOR);
        int handle = user.open(FILE);
        assertEquals(3 * SECTOR, user.engine().transfer(user.prepWrite(handle, 0, 1, 1, 1)));
        assertEquals(-Errno.ENOSPC, user.engine().allocate(handle, 0, 5 * SECTOR));
        assertEquals(0, user.engine().allocate(handle, 0, 4 * SECTOR));
        int other = user.open(OTHER);
        assertEquals(-Errno.ENOSPC, user.engine().transfer(user.prepWrite(other, 0, 1)));
        user.write(handle, 3, 2); // the room was reserved
        assertEquals(0, user.engine().truncate(handle, 2 * SECTOR));
        assertEquals(2 * SECTOR, user.engine().transfer(user.prepWrite(other, 0, 1, 1, 1)));
        user.engine().capacity(6 * SECTOR);
        assertEquals(0, user.engine().force(handle));
        assertEquals(0, user.engine().truncate(handle, 0));
        loseAll(); // the truncation and the other file are pending
        int third = user.open(OTHER);
        assertEquals(4 * SECTOR, user.engine().transfer(user.prepWrite(third, 0, 1, 1, 1, 1, 1)));
    }

    @Test
    void callsAndFlushesAreCounted() {
        long before = disk.calls();
        int handle = user.durable(FILE, 1); // open, write, force
        user.read(handle, 0);
        assertEquals(4, disk.calls() - before);
        assertEquals(1, disk.flushes());
        user.engine().size(handle);
        user.engine().close(handle);
        assertEquals(4, disk.calls() - before);
    }
}
