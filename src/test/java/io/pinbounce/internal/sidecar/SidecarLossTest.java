package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval.Cause;
import io.pinbounce.Bypass;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Things that go wrong while a sidecar is in use, one at a time: none makes good data an error. */
class SidecarLossTest extends IoTest {

    private static final Path DATA = Path.of("/disk/data");

    private static final Path SIDECAR = Path.of("/disk/data.pi");

    private static final int BLOCK = 4096;

    private final Random random = new Random(Seed.value());

    private SimulatedEngine engine = new SimulatedEngine(512, 512);

    private byte[] expected = new byte[0];

    private DirectOptions plain() {
        return DirectOptions.readWrite().create().bouncePool(pool);
    }

    private static Protection sidecar(Mode mode) {
        SidecarOptions options =
                SidecarOptions.beside()
                        .mode(mode)
                        .existing(Existing.UNPROTECTED)
                        .logSize(SidecarOptions.MIN_LOG);
        return Protection.t10(BLOCK).sidecar(options);
    }

    private DirectFile open(DirectOptions options) throws IOException {
        return OnEngine.file(DATA, options, engine);
    }

    private DirectFile open(Mode mode) throws IOException {
        return open(plain().protection(sidecar(mode)));
    }

    /** Data from before there was a sidecar. */
    private void writeUnprotected(int blocks) throws IOException {
        expected = bytes(random, blocks * BLOCK);
        try (DirectFile file = open(plain())) {
            file.write(MemorySegment.ofArray(expected), 0);
            file.force();
        }
    }

    private void write(DirectFile file, int position, int length) throws IOException {
        byte[] bytes = bytes(random, length);
        file.write(MemorySegment.ofArray(bytes), position);
        expected = Arrays.copyOf(expected, Math.max(expected.length, position + length));
        System.arraycopy(bytes, 0, expected, position, length);
    }

    private void cut(Mood mood) {
        engine.disk().powerCut(mood, random);
        engine = engine.restart();
    }

    private void assertReads(Mode mode, int unverified) throws IOException {
        try (DirectFile file = open(mode)) {
            assertArrayEquals(expected, read(file));
            assertEquals(unverified, file.counts().unverifiedIntervals());
        }
    }

    // ---- unprotected data ----

    @Test
    void unprotectedDataThatIsWrittenInPartAndThenAsAWholeIsNotDamagedWhenAllIsLost()
            throws IOException {
        writeUnprotected(4);
        byte[] before = expected;
        DirectFile file = open(Mode.JOURNAL);
        write(file, BLOCK + 100, 50); // a part: the interval stays unprotected
        write(file, BLOCK, BLOCK);
        cut(Mood.NOTHING);
        expected = before;
        assertReads(Mode.JOURNAL, 4);
    }

    @Test
    void unprotectedDataThatIsWrittenInPartReadsEitherWay() throws IOException {
        writeUnprotected(4);
        DirectFile file = open(Mode.JOURNAL);
        write(file, BLOCK + 100, 50);
        cut(Mood.EVERYTHING);
        assertReads(Mode.JOURNAL, 4);
    }

    @Test
    void unprotectedDataThatCannotBeWrittenOverStaysReadable() throws IOException {
        writeUnprotected(4);
        try (DirectFile file = open(Mode.JOURNAL)) {
            engine.fault(
                    s ->
                            s.op() == Op.WRITE && s.position() == BLOCK
                                    ? Outcome.failed(Errno.EIO)
                                    : Outcome.NORMAL);
            MemorySegment block = MemorySegment.ofArray(bytes(random, BLOCK));
            assertThrows(DirectIoException.class, () -> file.write(block, BLOCK));
            engine.disk().faults().clear();
        }
        assertReads(Mode.JOURNAL, 4);
    }

    /** A base is read after the old data was verified: what is kept must be good then, too. */
    @Test
    void damageThatComesBetweenTwoReadingsGetsNoTuple() throws IOException {
        writeUnprotected(4);
        try (DirectFile file = open(Mode.JOURNAL)) {
            write(file, 0, BLOCK); // the other intervals stay unprotected
            AtomicInteger reads = new AtomicInteger();
            engine.fault(
                    s -> {
                        if (s.op() == Op.READ
                                && s.position() == 0
                                && reads.incrementAndGet() == 2) {
                            engine.flipBit(DATA, 10);
                        }
                        return Outcome.NORMAL;
                    });
            MemorySegment part = MemorySegment.ofArray(bytes(random, 2 * BLOCK));
            assertThrows(ProtectionException.class, () -> file.write(part, 100));
            engine.disk().faults().clear();
            assertThrows(ProtectionException.class, () -> read(file));
        }
    }

    // ---- sealing ----

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whatWasSealedAndForcedIsSealedAfterACut(Mode mode) throws IOException {
        writeUnprotected(4);
        DirectFile file = open(mode);
        file.seal(0, 4 * BLOCK);
        file.force();
        cut(Mood.NOTHING);
        assertReads(mode, 0);
    }

    @Test
    void whatWasSealedAndThenWrittenReadsAsItWasWhenTheWriteIsLost() throws IOException {
        writeUnprotected(4);
        byte[] before = expected;
        DirectFile file = open(Mode.JOURNAL);
        file.seal(0, 4 * BLOCK);
        write(file, BLOCK, BLOCK);
        cut(Mood.NOTHING);
        try (DirectFile again = open(Mode.JOURNAL)) {
            assertArrayEquals(before, read(again));
        }
    }

    // ---- sizes ----

    /** The power goes in every call of a truncation in turn. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void aFileOpensAfterACutAnywhereInATruncation(Mode mode) throws IOException {
        for (int call = 1; ; call++) {
            engine = new SimulatedEngine(512, 512);
            expected = new byte[0];
            DirectFile file = open(mode);
            write(file, 0, 100 * BLOCK);
            file.force();
            engine.disk().cutPowerAt(call, Mood.EVERYTHING, random);
            try {
                file.truncate(10 * BLOCK);
            } catch (DirectIoException e) {
                assertTrue(engine.isDead(), e.toString());
            }
            if (!engine.isDead()) {
                assertTrue(call > 3, "calls of a truncation: " + call);
                engine.disk().keepPower();
                file.close();
                return;
            }
            engine = engine.restart();
            try (DirectFile again = open(mode)) {
                byte[] left = read(again);
                assertArrayEquals(Arrays.copyOf(expected, left.length), left, "call " + call);
            }
        }
    }

    @Test
    void positionsThatNoSidecarCountsAreRefused() throws IOException {
        try (DirectFile file = open(Mode.JOURNAL)) {
            MemorySegment block = MemorySegment.ofArray(bytes(random, BLOCK));
            for (long position : new long[] {1L << 56, 1L << 61}) {
                DirectIoException e =
                        assertThrows(DirectIoException.class, () -> file.write(block, position));
                assertTrue(String.valueOf(e.getMessage()).contains("most="), e.getMessage());
                e = assertThrows(DirectIoException.class, () -> file.truncate(position));
                assertTrue(String.valueOf(e.getMessage()).contains("most="), e.getMessage());
                assertEquals(0, file.read(block, position));
            }
            write(file, 0, BLOCK);
            file.truncate(BLOCK / 2);
            expected = Arrays.copyOf(expected, BLOCK / 2);
        }
        assertReads(Mode.JOURNAL, 0);
    }

    // ---- forces that fail ----

    /** A later force may succeed although the data is gone: only the log can tell then. */
    @Test
    void afterAForceThatFailedNothingIsRetired() throws IOException {
        DirectFile file = open(Mode.JOURNAL);
        write(file, 0, 4 * BLOCK);
        file.force();
        byte[] before = expected;
        write(file, BLOCK, BLOCK);
        engine.forceResult(-Errno.EIO);
        assertThrows(DirectIoException.class, file::force);
        engine.forceResult(0);
        restore(before, BLOCK); // the disk has dropped what was written, and has no more to say
        assertThrows(DirectIoException.class, file::close);
        expected = before;
        assertReads(Mode.JOURNAL, 0);
    }

    private void restore(byte[] contents, int position) throws IOException {
        byte[] block = Arrays.copyOfRange(contents, position, position + BLOCK);
        SimulatedEngine other = new SimulatedEngine(engine.disk());
        try (DirectFile file = OnEngine.file(DATA, plain().bypass(Bypass.ALLOWED), other)) {
            file.write(MemorySegment.ofArray(block), position);
            file.force();
        }
    }

    @Test
    void aForceFailsIfACheckpointCouldNotForceTheData() throws IOException {
        DirectFile file = open(Mode.JOURNAL);
        write(file, 0, BLOCK);
        engine.forceResult(-Errno.EIO);
        assertThrows(DirectIoException.class, () -> file.truncate(BLOCK / 2)); // a checkpoint
        engine.forceResult(0);
        assertThrows(DirectIoException.class, file::force);
        assertThrows(DirectIoException.class, file::close);
    }

    // ---- damage to the sidecar ----

    /** The copy that is left is the one from before the file grew, when it was closed in order. */
    @Test
    void theOlderSuperblockServesAlthoughTheFileHasGrownSince() throws IOException {
        try (DirectFile file = open(Mode.JOURNAL)) {
            write(file, 0, 2 * BLOCK);
        }
        DirectFile file = open(Mode.JOURNAL);
        write(file, 2 * BLOCK, 50 * BLOCK);
        cut(Mood.EVERYTHING);
        byte[] contents = engine.contents(SIDECAR);
        boolean first = contents[24] > contents[BLOCK + 24]; // the higher sequence is the newer
        engine.flipBit(SIDECAR, first ? 100 : BLOCK + 100);
        assertReads(Mode.JOURNAL, 0);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aTuplePageThatTheDiskCannotReadIsLostAndMadeAnew(Mode mode) throws IOException {
        try (DirectFile file = open(mode)) {
            write(file, 0, 600 * BLOCK);
        }
        long page = 2L * BLOCK + SidecarOptions.MIN_LOG + 2L * BLOCK;
        engine.fault(
                s ->
                        s.op() == Op.READ
                                        && s.position() <= page
                                        && page < s.position() + s.length()
                                        && s.length() < 1 << 20
                                ? Outcome.failed(Errno.EIO)
                                : Outcome.NORMAL);
        try (DirectFile file = open(mode)) {
            byte[] block = new byte[BLOCK];
            ProtectionException e =
                    assertThrows(
                            ProtectionException.class,
                            () -> file.read(MemorySegment.ofArray(block), 0));
            assertEquals(Cause.TUPLE_LOST, e.intervals().getFirst().cause());
            file.read(MemorySegment.ofArray(block), 599 * BLOCK);
            assertArrayEquals(Arrays.copyOfRange(expected, 599 * BLOCK, 600 * BLOCK), block);
            write(file, 5 * BLOCK, BLOCK);
        }
        engine.disk().faults().clear();
        try (DirectFile file = open(mode)) {
            file.read(MemorySegment.ofArray(new byte[BLOCK]), 5 * BLOCK);
            file.seal(0, 600 * BLOCK);
        }
        assertReads(mode, 0);
    }

    // ---- room ----

    /** Requests with slots may wait for the log, and the log for the end of this write. */
    @Test
    void aPinnedWriteThatFailsWaitsForNoSlot() throws IOException {
        DirectOptions pinning = plain().transfer(Transfer.PIN);
        try (PinnedArena arena = PinnedArena.ofShared();
                DirectFile file = open(pinning.protection(sidecar(Mode.JOURNAL)))) {
            MemorySegment block = arena.allocate(2 * BLOCK);
            file.write(block, 0);
            expected = new byte[2 * BLOCK];
            engine.fault(
                    s ->
                            s.op() == Op.WRITE && s.position() == BLOCK
                                    ? Outcome.failed(Errno.EIO)
                                    : Outcome.NORMAL);
            List<BouncePool.Slot> slots = takeAllSlots();
            MemorySegment part = arena.allocate(BLOCK).fill((byte) 1);
            assertThrows(DirectIoException.class, () -> file.write(part, BLOCK));
            engine.disk().faults().clear();
            slots.forEach(BouncePool.Slot::close);
        }
        assertReads(Mode.JOURNAL, 0);
    }
}
