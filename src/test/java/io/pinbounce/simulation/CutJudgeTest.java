package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.Durability;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.pi.PiFormat;
import io.pinbounce.simulation.CutJudge.Answer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What a tuple page that the disk does not return says: damage while the power is on, nothing once
 * it is off.
 */
class CutJudgeTest {

    private static final int INTERVAL = 4096;

    /** Behind the superblocks, the log and both copies of the first page of the map. */
    private static final long TUPLE_PAGE = 8192 + SidecarOptions.MIN_LOG + 8192;

    private static final CutSetup SETUP =
            new CutSetup(
                    512,
                    INTERVAL,
                    PiFormat.GUARD_64,
                    CutSetup.Modes.JOURNAL,
                    /* existing= */ -1,
                    16 * INTERVAL,
                    CutSetup.Reach.NEAR,
                    /* depth= */ 1,
                    Durability.ON_FORCE,
                    CutSetup.Slots.LARGE,
                    CutSetup.Faults.NONE,
                    CutContent.RANDOM,
                    CutMachine.Background.AT_ONCE);

    private final SplittableRandom random = new SplittableRandom(1);

    private final CutMachine machine =
            new CutMachine(random, CutVariant.Kind.TUPLES_AHEAD, SETUP, /* seed= */ 1);

    private final CutJudge judge =
            new CutJudge(SETUP, new CutOracle(INTERVAL, SETUP.unit()), machine);

    /** A file of one interval, none of whose tuples are in memory. */
    private DirectFile open() throws IOException {
        try (DirectFile file = machine.open(SETUP.writer(Mode.JOURNAL))) {
            byte[] bytes = new byte[INTERVAL];
            random.nextBytes(bytes);
            file.write(MemorySegment.ofArray(bytes), 0);
        }
        return machine.open(SETUP.writer(Mode.JOURNAL));
    }

    private void onTuplePage(Supplier<Outcome> outcome) {
        machine.disk()
                .faults()
                .hook(
                        call ->
                                call.op() == Submission.Op.READ && call.position() == TUPLE_PAGE
                                        ? outcome.get()
                                        : Outcome.NORMAL);
    }

    @Test
    void aReadDuringWhichThePowerGoesIsNoAnswer() throws IOException {
        DirectFile file = open();
        onTuplePage(
                () -> {
                    machine.disk().powerCut(random);
                    return Outcome.NORMAL;
                });
        assertThrows(ProtectionException.class, () -> judge.readOne(file, 0, INTERVAL));
        assertTrue(machine.engine().isDead());
        assertThrows(DirectIoException.class, file::close);
    }

    @Test
    void aTuplePageThatCannotBeReadWhileThePowerIsOnIsAnAnswer() throws IOException {
        try (DirectFile file = open()) {
            onTuplePage(() -> Outcome.failed(Errno.EIO));
            assertEquals(Answer.LOST, judge.readOne(file, 0, INTERVAL));
        }
    }
}
