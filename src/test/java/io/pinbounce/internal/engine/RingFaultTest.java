package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.stream.Stream;

/** Transfers that a faulty disk shortens or fails. */
class RingFaultTest extends RingTests {

    @SuppressWarnings("NullAway.Init") // set before each test
    private SimulatedEngine disk;

    static Stream<RingKind> kinds() {
        return RingKind.disk();
    }

    @BeforeEach
    void findDisk() {
        disk = assertInstanceOf(SimulatedEngine.class, engine);
    }

    @Test
    void aShortWriteIsNotForced() {
        disk.fault(_ -> Outcome.shortened(BLOCK));
        disk.forceResult(-Errno.EIO); // would be seen
        try (IoRing ring = kind.open(engine, 1)) {
            prep(ring, 0, Op.WRITE_FORCE, file, 0, memory(2 * BLOCK, 1));
            assertEquals(Map.of(0, new Result(BLOCK, -Errno.ECANCELED)), await(ring, 1));
        }
    }

    @Test
    void aFailedForceIsToldApartFromItsWrite() {
        disk.forceResult(-Errno.EIO);
        try (IoRing ring = kind.open(engine, 2)) {
            prep(ring, 0, Op.WRITE_FORCE, file, 0, memory(BLOCK, 1));
            submission.prep(Op.FORCE, file, 0);
            ring.prep(1, submission);
            Map<Integer, Result> results = await(ring, 2);
            assertEquals(new Result(BLOCK, -Errno.EIO), results.get(0));
            assertEquals(new Result(-Errno.EIO, 0), results.get(1));
        }
    }

    @Test
    void faultsDecideOnEachTransfer() {
        disk.fault(
                submission ->
                        submission.position() == 0 ? Outcome.failed(Errno.EIO) : Outcome.NORMAL);
        try (IoRing ring = kind.open(engine, 2)) {
            prep(ring, 0, Op.WRITE, file, 0, memory(BLOCK, 1));
            prep(ring, 1, Op.WRITE, file, BLOCK, memory(BLOCK, 2));
            Map<Integer, Result> results = await(ring, 2);
            assertEquals(new Result(-Errno.EIO, 0), results.get(0));
            assertEquals(new Result(BLOCK, 0), results.get(1));
        }
    }
}
