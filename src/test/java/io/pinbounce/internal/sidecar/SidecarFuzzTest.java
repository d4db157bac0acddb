package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.SimulatedDisk;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Sidecars with damaged and forged bytes. Opening, loading, writing and closing succeed, or throw a
 * {@link SealException} and nothing else; and no sector whose check is wrong is believed.
 */
class SidecarFuzzTest {

    private static final int INTERVALS = 3 * TuplePage.INTERVALS;

    private final Random random = new Random(Seed.value());

    /** Every seal that an interval ever had. */
    private final Map<Long, Set<Long>> versions = new HashMap<>();

    private final List<SimulatedDisk> disks = new ArrayList<>();

    private int opened;

    private int refused;

    private String refusal = "";

    /** How many sidecars are tried. */
    private static final int ROUNDS = Share.of("pinbounce.fuzz.rounds", 1_000, 10_000);

    /** Makes disks whose sidecar was closed in order, or left by a cut with a log that matters. */
    private void makeDisks(boolean cut) throws SealException {
        SidecarFixture fixture = new SidecarFixture();
        fixture.makeData(100 * SidecarFixture.INTERVAL);
        for (int i = 0; i < 3; i++) {
            Sidecar sidecar = fixture.open(Access.WRITE);
            for (int j = 0; j < 50 * i; j++) {
                write(fixture, sidecar);
            }
            if (cut) {
                fixture.engine.disk().powerCut(Mood.EVERYTHING, random);
                fixture.engine = fixture.engine.restart();
            } else {
                sidecar.close();
            }
            disks.add(fixture.engine.disk().copy());
        }
    }

    private void write(SidecarFixture fixture, Sidecar sidecar) throws SealException {
        long number = random.nextInt(INTERVALS);
        byte[] interval = new byte[SidecarFixture.INTERVAL];
        random.nextBytes(interval);
        fixture.write(sidecar, number, interval);
        long seal = SidecarFixture.seal(interval, number);
        versions.computeIfAbsent(number, _ -> new HashSet<>()).add(seal);
    }

    private static long identity(SimulatedDisk disk) {
        byte[] page = disk.contents(SidecarFixture.SIDECAR, 0, 2L * Layout.PAGE);
        MemorySegment memory = MemorySegment.ofArray(page);
        long first = memory.get(Sector.U64, 16);
        return first != 0 ? first : memory.get(Sector.U64, Layout.PAGE + 16);
    }

    private interface Use {

        void of(Sidecar sidecar) throws SealException;
    }

    /** Whether a use succeeds; if not, it must throw a {@link SealException} with values. */
    private boolean open(SidecarFixture fixture, Access access, Use use) {
        try (Sidecar sidecar = fixture.open(access)) {
            use.of(sidecar);
            opened++;
            return true;
        } catch (SealException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("="), "no values: " + e);
            refused++;
            refusal = e.toString();
            return false;
        } finally {
            assertEquals(0, fixture.engine.openHandles(), "open handles");
        }
    }

    private void load(Sidecar sidecar, boolean believable) throws SealException {
        SealRun run = new SealRun();
        sidecar.load(0, 2 * INTERVALS, run);
        for (int i = 0; believable && i < run.count(); i++) {
            if (run.state(i) == State.PROTECTED) {
                long seal = run.seal(i);
                boolean known =
                        seal == SidecarFixture.SEALS.ofZeros()
                                || versions.getOrDefault((long) i, Set.of()).contains(seal);
                assertTrue(known, "a seal that was never made: interval=" + i);
            }
        }
    }

    private void fuzz(int round) throws SealException {
        SimulatedDisk disk = disks.get(random.nextInt(disks.size()));
        SidecarFixture fixture = new SidecarFixture();
        fixture.engine = new SimulatedEngine(disk.copy());
        Mutator mutator = new Mutator(random, identity(disk));
        mutator.begin(disk.contents(SidecarFixture.SIDECAR));
        for (int i = random.nextInt(4); i >= 0; i--) {
            mutator.mutate();
        }
        fixture.restore(SidecarFixture.SIDECAR, mutator.bytes);
        try {
            use(fixture, mutator);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("round " + round, e);
        }
    }

    private void use(SidecarFixture fixture, Mutator mutator) throws SealException {
        boolean read = open(fixture, Access.READ, sidecar -> load(sidecar, !mutator.stamped));
        byte[] after = fixture.engine.contents(SidecarFixture.SIDECAR);
        assertTrue(Arrays.equals(mutator.bytes, after), "a reader has written");
        scan(fixture);
        boolean written =
                open(
                        fixture,
                        Access.WRITE,
                        sidecar -> {
                            load(sidecar, !mutator.stamped);
                            write(fixture, sidecar);
                            load(sidecar, !mutator.stamped);
                        });
        if (written) {
            boolean again = open(fixture, Access.READ, sidecar -> load(sidecar, !mutator.stamped));
            boolean spent = refusal.contains("sequence=") || refusal.contains("tail=");
            assertTrue(again || spent, "closed in order, and cannot be opened: " + refusal);
            scan(fixture);
        }
        if (!mutator.stamped) {
            boolean blank = refusal.contains("there is no sidecar"); // a writer may make it
            assertTrue(read || !written || blank, "a reader refuses it: " + refusal);
        }
    }

    private static void scan(SidecarFixture fixture) {
        try {
            SidecarScan.scan(fixture.engine, SidecarFixture.SIDECAR);
        } catch (SealException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("="), "no values: " + e);
        }
        assertEquals(0, fixture.engine.openHandles(), "open handles");
    }

    @Test
    void aDamagedOrForgedSidecarIsUsedOrRefused() throws SealException {
        makeDisks(false);
        makeDisks(true);
        for (int round = 0; round < ROUNDS; round++) {
            fuzz(round);
        }
        assertTrue(opened > ROUNDS, "opened: " + opened);
        assertTrue(refused > ROUNDS / 10, "refused: " + refused);
    }

    @Test
    void canaryASealThatWasNeverMadeIsReported() throws SealException {
        makeDisks(false);
        versions.clear();
        SidecarFixture fixture = new SidecarFixture();
        fixture.engine = new SimulatedEngine(disks.getLast());
        assertThrows(
                AssertionError.class,
                () -> open(fixture, Access.READ, sidecar -> load(sidecar, true)));
    }
}
