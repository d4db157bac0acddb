package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

class TuplePageTest {

    private static final long IDENTITY = 77;

    private static final long POSITION = 1 << 20;

    private static final long ZEROS = 0x5A5A;

    private final Random random = new Random(Seed.value());

    private final MemorySegment memory = MemorySegment.ofArray(new byte[Layout.PAGE]);

    private TuplePage randomPage() {
        TuplePage page = new TuplePage();
        for (int i = 0; i < TuplePage.INTERVALS; i++) {
            page.set(i, State.of(random.nextInt(4)), random.nextLong());
        }
        return page;
    }

    private static void assertSame(TuplePage expected, TuplePage found, int from, int to) {
        for (int i = from; i < to; i++) {
            assertEquals(expected.state(i), found.state(i), "state of " + i);
            assertEquals(expected.seal(i), found.seal(i), "seal of " + i);
        }
    }

    @Test
    void aPageIsReadAsItWasWritten() {
        for (int round = 0; round < 100; round++) {
            TuplePage page = randomPage();
            page.encode(memory, IDENTITY, POSITION);
            TuplePage read = TuplePage.decode(memory, IDENTITY, POSITION);
            assertSame(page, read, 0, TuplePage.INTERVALS);
            assertSame(page, page.copy(), 0, TuplePage.INTERVALS);
        }
    }

    @Test
    void aDamagedSectorLosesItsOwnIntervalsAlone() {
        TuplePage page = randomPage();
        page.encode(memory, IDENTITY, POSITION);
        for (int sector = 0; sector < Layout.SECTORS; sector++) {
            long at = (long) sector * Sector.SIZE + random.nextInt(Sector.SIZE);
            byte flipped = (byte) (1 << random.nextInt(8));
            flip(at, flipped);
            TuplePage read = TuplePage.decode(memory, IDENTITY, POSITION);
            flip(at, flipped);
            int from = sector * TuplePage.PER_SECTOR;
            int to = from + TuplePage.PER_SECTOR;
            assertSame(page, read, 0, from);
            assertSame(page, read, to, TuplePage.INTERVALS);
            for (int i = from; i < to; i++) {
                assertEquals(State.LOST, read.state(i));
            }
        }
    }

    private void flip(long at, byte bits) {
        byte old = memory.get(ValueLayout.JAVA_BYTE, at);
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) (old ^ bits));
    }

    @Test
    void aPageOfAnotherPlaceOrSidecarIsLost() {
        randomPage().encode(memory, IDENTITY, POSITION);
        for (TuplePage read :
                new TuplePage[] {
                    TuplePage.decode(memory, IDENTITY, POSITION + Layout.PAGE),
                    TuplePage.decode(memory, IDENTITY + 1, POSITION)
                }) {
            for (int i = 0; i < TuplePage.INTERVALS; i++) {
                assertEquals(State.LOST, read.state(i));
            }
        }
    }

    @Test
    void intervalsNeverWrittenAreUnprotectedBelowABoundaryAndZerosFromThereOn() {
        long first = 10L * TuplePage.INTERVALS;
        for (long boundary : new long[] {0, first, first + 1, first + 300, first + 488, 1L << 40}) {
            TuplePage page = TuplePage.unwritten(first, boundary, ZEROS);
            for (int i = 0; i < TuplePage.INTERVALS; i++) {
                boolean unprotected = first + i < boundary;
                assertEquals(unprotected ? State.UNPROTECTED : State.PROTECTED, page.state(i));
                assertEquals(unprotected ? 0 : ZEROS, page.seal(i));
            }
        }
    }

    @Test
    void forgottenIntervalsAreZeros() {
        for (int from : new int[] {0, 1, 60, 61, 487, 488}) {
            TuplePage page = randomPage();
            TuplePage before = page.copy();
            page.forget(from, ZEROS);
            assertSame(before, page, 0, from);
            for (int i = from; i < TuplePage.INTERVALS; i++) {
                assertEquals(State.PROTECTED, page.state(i));
                assertEquals(ZEROS, page.seal(i));
            }
        }
    }
}
