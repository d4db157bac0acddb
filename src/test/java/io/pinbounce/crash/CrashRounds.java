package io.pinbounce.crash;

import io.pinbounce.crash.CrashJudge.Findings;
import io.pinbounce.crash.CrashWriter.Conduct;
import io.pinbounce.crash.CrashWriter.Order;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * One writer after the other on the same file, each of which is ended somewhere in the middle, and
 * judged. Some are ended while they open the file, which cuts its making, or a recovery, short.
 */
final class CrashRounds {

    private static final int SHORTEST_MILLIS = 50;

    private static final int LONGEST_MILLIS = 400;

    /** Longer, because devices with a power switch are slower. */
    private static final int LONGEST_MILLIS_TO_CUT = 1000;

    private static final int OPENING_MICROS = 40_000;

    /** One in so many recoveries is cut. */
    private static final int CUT_RECOVERIES = 4;

    private final CrashTarget target;

    private final Ender ender;

    private final int longest;

    private final Random random;

    private final CrashJudge judge;

    private Findings findings = Findings.NONE;

    private int ends;

    /**
     * Rounds on a target.
     *
     * @param target that has no sidecar yet
     * @param cut what the writers' end is
     * @param ender ends writers
     * @param seed of everything that is chosen
     */
    CrashRounds(CrashTarget target, Cut cut, Ender ender, long seed) {
        this.target = target;
        this.ender = ender;
        longest = cut == Cut.POWER ? LONGEST_MILLIS_TO_CUT : LONGEST_MILLIS;
        random = new Random(seed);
        judge = new CrashJudge(target, cut, random);
    }

    /** Ends a writer: kills its process, or cuts the power of its devices. */
    interface Ender {

        /** Returns when the target can be opened again. */
        void end(WriterProcess writer) throws Exception;
    }

    /** Ends a writer while it makes the file, and its sidecar. */
    void cutMaking() throws Exception {
        cutOpening();
    }

    /** Gives each interval a tuple, on a device. */
    void fill() throws Exception {
        judge.fill();
    }

    /**
     * One more writer.
     *
     * @param conduct of it
     */
    void round(Conduct conduct) throws Exception {
        List<Event> told;
        try (WriterProcess writer = start(conduct)) {
            writer.awaitReady();
            Thread.sleep(random.nextInt(SHORTEST_MILLIS, longest));
            writer.awaitWorking();
            end(writer);
            told = writer.awaitKilled();
        }
        if (random.nextInt(CUT_RECOVERIES) == 0) {
            cutOpening();
        }
        findings = findings.plus(judge.judge(told));
    }

    private void cutOpening() throws Exception {
        try (WriterProcess writer = start(Conduct.OPENS)) {
            writer.awaitOpening();
            Thread.sleep(Duration.ofNanos(1000L * random.nextInt(OPENING_MICROS)));
            end(writer);
            writer.awaitKilled();
        }
    }

    private void end(WriterProcess writer) throws Exception {
        ender.end(writer);
        ends++;
    }

    private WriterProcess start(Conduct conduct) throws Exception {
        return WriterProcess.start(
                new Order(target, conduct, random.nextLong(), judge.newVersion()));
    }

    /** How many writers were ended. */
    int ends() {
        return ends;
    }

    /** The findings of all rounds so far. */
    Findings findings() {
        return findings;
    }
}
