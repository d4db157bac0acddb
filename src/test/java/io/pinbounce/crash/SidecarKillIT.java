package io.pinbounce.crash;

import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.crash.CrashWriter.Conduct;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;
import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/**
 * Writers are killed, again and again, and their files stay good: what completed is there, and each
 * interval is one whole version. {@code -Dpinbounce.kills} says how many, 5 or 200 in all unless
 * told.
 */
class SidecarKillIT {

    private static final int KILLS = Share.of("pinbounce.kills", 5, 200);

    /** A log on such sectors is full after a few dozen writes, and must be gone over. */
    private static final String SECTORS = "4096";

    /** So small that each interval is written many times in the life of a writer. */
    private static final CrashLayout PAGES = new CrashLayout(4096, 512);

    /** So large that an interval has several blocks on any device. */
    private static final CrashLayout LARGE = new CrashLayout(16384, 256);

    @BeforeAll
    static void requireLoopDevices() {
        Requirements.loop();
        Requirements.tool("mkfs.ext4");
    }

    private static void killOnExt4(Mode mode, int kills) throws Exception {
        try (LoopTarget loop = LoopTarget.open("--fs", "ext4", "--sector-size", SECTORS)) {
            Path data = loop.path();
            Path sidecar = data.resolveSibling("data.pi");
            CrashRounds rounds =
                    rounds(new CrashTarget(data, sidecar, mode, Existing.REFUSED, PAGES));
            rounds.cutMaking();
            kill(rounds, kills);
        }
    }

    private static CrashRounds rounds(CrashTarget target) {
        return new CrashRounds(target, Cut.PROCESS, WriterProcess::kill, Seed.value());
    }

    private static void kill(CrashRounds rounds, int kills) throws Exception {
        long start = System.nanoTime();
        while (rounds.ends() < kills) {
            rounds.round(Conduct.WRITES);
        }
        System.out.printf(
                "%d kills in %d s: %s%n",
                rounds.ends(), (System.nanoTime() - start) / 1_000_000_000, rounds.findings());
    }

    @Test
    void aFileWithAJournalSurvivesKills() throws Exception {
        killOnExt4(Mode.JOURNAL, KILLS * 2 / 5);
    }

    @Test
    void aFileWithoutAJournalSurvivesKills() throws Exception {
        killOnExt4(Mode.NONE, KILLS / 5);
    }

    @Test
    void aDeviceWithItsJournalElsewhereSurvivesKills() throws Exception {
        try (LoopTarget loop = LoopTarget.open("--sector-size", SECTORS);
                LoopTarget other = LoopTarget.open("--fs", "ext4", "--sector-size", SECTORS)) {
            CrashRounds rounds =
                    rounds(
                            new CrashTarget(
                                    loop.path(),
                                    other.path(),
                                    Mode.JOURNAL,
                                    Existing.UNPROTECTED,
                                    LARGE));
            rounds.fill();
            kill(rounds, KILLS * 2 / 5);
        }
    }
}
