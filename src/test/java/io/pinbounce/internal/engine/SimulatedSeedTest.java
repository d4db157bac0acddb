package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.DiskUser.FOLDER;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Runs of a simulated disk are reproducible. */
class SimulatedSeedTest {

    @Test
    void theSameSeedsGiveTheSameRun() throws RingUnavailableException {
        String first = run(1);
        assertEquals(first, run(1));
        assertNotEquals(first, run(2));
    }

    /** Runs many files, rings, faults and cuts, and returns all that can be observed. */
    private static String run(long seed) throws RingUnavailableException {
        DiskUser user = new DiskUser();
        Random random = new Random(seed);
        user.disk.seedRings(seed);
        user.disk.faults().seed(seed);
        user.disk.faults().rate(DiskFaults.Kind.BIT_FLIP, 0.1);
        user.disk.faults().rate(DiskFaults.Kind.DROPPED_FLUSH, 0.3);
        StringBuilder seen = new StringBuilder();
        for (int cut = 0; cut < 20; cut++) {
            user.disk.cutPowerAt(1 + random.nextInt(60), random);
            try (IoRing ring = user.engine().openRing(8)) {
                for (int i = 0; !user.engine().isDead(); i++) {
                    seen.append(write(user, ring, i));
                }
            }
            seen.append(user.disk.remains()).append(user.disk.faults().incidents());
            for (Path path : user.disk.files()) {
                seen.append(path).append(Arrays.hashCode(user.disk.contents(path)));
            }
            user.restart();
        }
        return seen.toString();
    }

    private static String write(DiskUser user, IoRing ring, int number) {
        StringBuilder seen = new StringBuilder();
        int handle = user.engine().open(FOLDER.resolve("f" + number % 3), OpenFlags.O_CREAT);
        if (handle >= 0) {
            Completions done = new Completions(8);
            for (int i = 0; i < 8; i++) {
                ring.prep(i, user.prepWrite(Op.WRITE, handle, i + number % 5, i, number));
            }
            while (done.count() < 8) {
                ring.enter(1, 0);
                ring.drain(done);
            }
            for (int i = 0; i < 8; i++) {
                seen.append(done.slot(i)).append('=').append(done.result(i)).append(' ');
            }
            user.engine().force(handle);
        }
        return seen.toString();
    }
}
