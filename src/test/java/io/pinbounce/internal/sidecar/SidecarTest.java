package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.Random;

/** A sidecar compared with a table of seals, over random calls, closes and power cuts. */
class SidecarTest {

    private static final int INTERVAL = SidecarFixture.INTERVAL;

    private static final int INTERVALS = 5 * TuplePage.INTERVALS + 7;

    private static final int UNPROTECTED = 700;

    private final Random random = new Random(Seed.value());

    private final SidecarFixture fixture = new SidecarFixture();

    private final State[] states = new State[INTERVALS];

    private final long[] seals = new long[INTERVALS];

    private void begin() {
        fixture.makeData((long) UNPROTECTED * INTERVAL);
        forget(0);
        Arrays.fill(states, 0, UNPROTECTED, State.UNPROTECTED);
    }

    private void forget(int from) {
        Arrays.fill(states, from, INTERVALS, State.PROTECTED);
        Arrays.fill(seals, from, INTERVALS, SidecarFixture.SEALS.ofZeros());
    }

    private void compare(Sidecar sidecar) throws SealException {
        SealRun run = new SealRun();
        int from = random.nextInt(INTERVALS);
        int count = random.nextInt(INTERVALS - from + 1);
        sidecar.load(from, count, run);
        assertEquals(count, run.count());
        for (int i = 0; i < count; i++) {
            assertEquals(states[from + i], run.state(i), "interval " + (from + i));
            if (states[from + i] == State.PROTECTED) {
                assertEquals(seals[from + i], run.seal(i), "interval " + (from + i));
            }
        }
    }

    private void write(Sidecar sidecar) throws SealException {
        int number = random.nextInt(INTERVALS);
        byte[] interval = new byte[INTERVAL];
        random.nextBytes(interval);
        fixture.write(sidecar, number, interval);
        states[number] = State.PROTECTED;
        seals[number] = SidecarFixture.seal(interval, number);
    }

    private void truncate(Sidecar sidecar) throws SealException {
        int end = random.nextInt(INTERVALS);
        long size = (long) end * INTERVAL;
        sidecar.resizing(size, new SealRun(), new SealRun(), SidecarFixture.waiter());
        fixture.makeData(size);
        sidecar.resized(size, new SealRun());
        forget(end);
    }

    private void use(Sidecar sidecar, int steps) throws SealException {
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(60)) {
                case 0 -> truncate(sidecar);
                case 1 -> sidecar.force();
                case 2, 3 -> compare(sidecar);
                default -> write(sidecar);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void storedSealsAreThereAfterACloseOrAPowerCut(Mode mode) throws SealException {
        begin();
        for (int round = 0; round < 40; round++) {
            Sidecar sidecar = fixture.open(Access.WRITE, mode);
            compare(sidecar);
            use(sidecar, random.nextInt(300));
            if (mode == Mode.NONE || random.nextBoolean()) {
                sidecar.close();
            } else {
                fixture.engine.disk().powerCut(Mood.EVERYTHING, random);
                fixture.engine = fixture.engine.restart();
            }
            try (Sidecar reader = fixture.open(Access.READ)) {
                byte[] before = fixture.engine.contents(SidecarFixture.SIDECAR);
                compare(reader);
                assertTrue(Arrays.equals(before, fixture.engine.contents(SidecarFixture.SIDECAR)));
            }
        }
    }

    /** Each page that is read may push another page out that is needed, too. */
    @Test
    void moreSealsCanBeLoadedThanFitInMemory() throws SealException {
        int pages = 200;
        assertTrue(pages > (1 << 20) / TupleCache.PAGE_BYTES * 2 / 3, "all of them fit");
        long size = (long) pages * TuplePage.INTERVALS * INTERVAL;
        fixture.makeData(size);
        try (Sidecar sidecar = fixture.open(Access.WRITE)) {
            byte[] interval = new byte[INTERVAL];
            for (int page = 0; page < pages; page++) {
                fixture.write(sidecar, (long) page * TuplePage.INTERVALS, interval);
            }
        }
        try (Sidecar sidecar = fixture.open(Access.READ)) {
            SealRun run = new SealRun();
            sidecar.load(0, pages * TuplePage.INTERVALS, run);
            assertEquals(pages, run.count(State.PROTECTED));
        }
    }

    @Test
    void intervalsThatCannotBeCountedAreRefused() throws SealException {
        fixture.makeData(0);
        try (Sidecar sidecar = fixture.open(Access.WRITE)) {
            Intent far = SidecarFixture.intent(null, () -> {}, Layout.MAX_INTERVALS, 1);
            assertThrows(SealException.class, () -> sidecar.enter(far));
            long size = Layout.MAX_INTERVALS * INTERVAL + 1;
            assertThrows(
                    SealException.class,
                    () ->
                            sidecar.resizing(
                                    size, new SealRun(), new SealRun(), SidecarFixture.waiter()));
            SealRun run = new SealRun();
            sidecar.load(Long.MAX_VALUE / INTERVAL, 1, run); // of zeros, if it were there
            assertEquals(SidecarFixture.SEALS.ofZeros(), run.seal(0));
        }
        fixture.makeData(Layout.MAX_BYTES);
        SealException e = assertThrows(SealException.class, () -> fixture.open(Access.READ));
        assertTrue(String.valueOf(e.getMessage()).contains("most="), e.getMessage());
    }

    /** Only a process that died leaves a sidecar so; the next process makes it again. */
    @Test
    void aSidecarWhoseMakingWasCutShortIsMadeAgain() throws SealException {
        fixture.makeData(0);
        fixture.open(Access.WRITE).close();
        fixture.restore(SidecarFixture.SIDECAR, new byte[20 * Layout.PAGE]);
        fixture.open(Access.WRITE).close();
        try (Sidecar sidecar = fixture.open(Access.READ)) {
            SealRun run = new SealRun();
            sidecar.load(0, 1, run);
            assertEquals(State.PROTECTED, run.state(0));
        }
    }

    @Test
    void aSidecarThatLostBothSuperblocksIsNotMadeAgain() throws SealException {
        begin();
        try (Sidecar sidecar = fixture.open(Access.WRITE)) {
            write(sidecar);
        }
        fixture.put(SidecarFixture.SIDECAR, 0, new byte[2 * Layout.PAGE]);
        SealException e = assertThrows(SealException.class, () -> fixture.open(Access.WRITE));
        assertTrue(String.valueOf(e.getMessage()).contains("damaged"), e.getMessage());
    }

    @Test
    void aSidecarWithOneBlankSuperblockIsRead() throws SealException {
        begin();
        try (Sidecar sidecar = fixture.open(Access.WRITE)) {
            write(sidecar);
        }
        byte[] sidecar = fixture.engine.contents(SidecarFixture.SIDECAR);
        for (long position : Layout.SUPERBLOCKS) {
            fixture.put(SidecarFixture.SIDECAR, position, new byte[Layout.PAGE]);
            try (Sidecar reader = fixture.open(Access.READ)) {
                compare(reader);
            }
            fixture.restore(SidecarFixture.SIDECAR, sidecar);
        }
    }

    @Test
    void noIntentIsEnteredOnceAForceHasFailed() throws SealException {
        begin();
        Sidecar sidecar = fixture.open(Access.WRITE);
        write(sidecar);
        fixture.engine.forceResult(-Errno.EIO);
        assertThrows(SealException.class, () -> truncate(sidecar));
        fixture.engine.forceResult(0);
        assertThrows(SealException.class, sidecar::force);
        assertThrows(SealException.class, () -> write(sidecar));
        assertThrows(SealException.class, sidecar::close);
        assertEquals(0, fixture.engine.openHandles());
    }
}
