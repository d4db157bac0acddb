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
 * Sidecars that say anything at all. Opening one, asking it, writing and closing end well, or in a
 * {@link SealException} and nothing else; and no sector that does not check is believed.
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

    /** Some that were closed in order, and some that a cut has left with a log that matters. */
    private void makeDisks(boolean cut) throws SealException {
        SealPlace place = new SealPlace();
        place.makeData(100 * SealPlace.INTERVAL);
        for (int i = 0; i < 3; i++) {
            Sidecar sidecar = place.open(Access.WRITE);
            for (int j = 0; j < 50 * i; j++) {
                write(place, sidecar);
            }
            if (cut) {
                place.engine.disk().powerCut(Mood.EVERYTHING, random);
                place.engine = place.engine.restart();
            } else {
                sidecar.close();
            }
            disks.add(place.engine.disk().copy());
        }
    }

    private void write(SealPlace place, Sidecar sidecar) throws SealException {
        long number = random.nextInt(INTERVALS);
        byte[] interval = new byte[SealPlace.INTERVAL];
        random.nextBytes(interval);
        place.write(sidecar, number, interval);
        long seal = SealPlace.seal(interval, number);
        versions.computeIfAbsent(number, _ -> new HashSet<>()).add(seal);
    }

    private static long identity(SimulatedDisk disk) {
        byte[] page = disk.contents(SealPlace.SIDECAR, 0, 2L * Layout.PAGE);
        MemorySegment memory = MemorySegment.ofArray(page);
        long first = memory.get(Sector.U64, 16);
        return first != 0 ? first : memory.get(Sector.U64, Layout.PAGE + 16);
    }

    private interface Use {

        void of(Sidecar sidecar) throws SealException;
    }

    /** Whether it works; if not, it says so the right way. */
    private boolean open(SealPlace place, Access access, Use use) {
        try (Sidecar sidecar = place.open(access)) {
            use.of(sidecar);
            opened++;
            return true;
        } catch (SealException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("="), "no values: " + e);
            refused++;
            refusal = e.toString();
            return false;
        } finally {
            assertEquals(0, place.engine.openHandles(), "open handles");
        }
    }

    private void load(Sidecar sidecar, boolean believable) throws SealException {
        SealRun run = new SealRun();
        sidecar.load(0, 2 * INTERVALS, run);
        for (int i = 0; believable && i < run.count(); i++) {
            if (run.state(i) == State.PROTECTED) {
                long seal = run.seal(i);
                boolean known =
                        seal == SealPlace.SEALS.ofZeros()
                                || versions.getOrDefault((long) i, Set.of()).contains(seal);
                assertTrue(known, "a seal that nobody made: interval=" + i);
            }
        }
    }

    private void fuzz(int round) throws SealException {
        SimulatedDisk disk = disks.get(random.nextInt(disks.size()));
        SealPlace place = new SealPlace();
        place.engine = new SimulatedEngine(disk.copy());
        Mutator mutator = new Mutator(random, identity(disk));
        mutator.begin(disk.contents(SealPlace.SIDECAR));
        for (int i = random.nextInt(4); i >= 0; i--) {
            mutator.mutate();
        }
        place.restore(SealPlace.SIDECAR, mutator.bytes);
        try {
            use(place, mutator);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("round " + round, e);
        }
    }

    private void use(SealPlace place, Mutator mutator) throws SealException {
        boolean read = open(place, Access.READ, sidecar -> load(sidecar, !mutator.stamped));
        byte[] after = place.engine.contents(SealPlace.SIDECAR);
        assertTrue(Arrays.equals(mutator.bytes, after), "a reader has written");
        scan(place);
        boolean written =
                open(
                        place,
                        Access.WRITE,
                        sidecar -> {
                            load(sidecar, !mutator.stamped);
                            write(place, sidecar);
                            load(sidecar, !mutator.stamped);
                        });
        if (written) {
            boolean again = open(place, Access.READ, sidecar -> load(sidecar, !mutator.stamped));
            boolean spent = refusal.contains("sequence=") || refusal.contains("tail=");
            assertTrue(again || spent, "closed in order, and cannot be opened: " + refusal);
            scan(place);
        }
        if (!mutator.stamped) {
            boolean blank = refusal.contains("there is no sidecar"); // a writer may make it
            assertTrue(read || !written || blank, "a reader refuses it: " + refusal);
        }
    }

    private static void scan(SealPlace place) {
        try {
            SidecarScan.scan(place.engine, SealPlace.SIDECAR);
        } catch (SealException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("="), "no values: " + e);
        }
        assertEquals(0, place.engine.openHandles(), "open handles");
    }

    @Test
    void anythingIsTakenOrRefused() throws SealException {
        makeDisks(false);
        makeDisks(true);
        for (int round = 0; round < ROUNDS; round++) {
            fuzz(round);
        }
        assertTrue(opened > ROUNDS, "opened: " + opened);
        assertTrue(refused > ROUNDS / 10, "refused: " + refused);
    }

    @Test
    void canaryASealThatNobodyMadeIsFoundOut() throws SealException {
        makeDisks(false);
        versions.clear();
        SealPlace place = new SealPlace();
        place.engine = new SimulatedEngine(disks.getLast());
        assertThrows(
                AssertionError.class,
                () -> open(place, Access.READ, sidecar -> load(sidecar, true)));
    }
}
