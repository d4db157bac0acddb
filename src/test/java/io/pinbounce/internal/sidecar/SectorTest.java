package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

class SectorTest {

    private static final long IDENTITY = 0x1122334455667788L;

    private static final long POSITION = 40 * Sector.SIZE;

    private final Random random = new Random(Seed.value());

    private final byte[] bytes = new byte[3 * Sector.SIZE];

    private final MemorySegment memory = MemorySegment.ofArray(bytes);

    private boolean isGood() {
        return Sector.isGood(memory, Sector.SIZE, IDENTITY, POSITION);
    }

    private void stampRandom() {
        random.nextBytes(bytes);
        Sector.stamp(memory, Sector.SIZE, IDENTITY, POSITION);
    }

    @Test
    void everyFlippedBitIsSeen() {
        stampRandom();
        assertTrue(isGood());
        for (int bit = 0; bit < Sector.SIZE * Byte.SIZE; bit++) {
            int at = Sector.SIZE + bit / Byte.SIZE;
            bytes[at] ^= (byte) (1 << bit % Byte.SIZE);
            assertFalse(isGood(), "bit " + bit);
            bytes[at] ^= (byte) (1 << bit % Byte.SIZE);
        }
        assertTrue(isGood(), "no bit is flipped any more");
    }

    @Test
    void aTornSectorIsSeen() {
        for (int i = 0; i < 1000; i++) {
            stampRandom();
            byte[] old = bytes.clone();
            stampRandom();
            int cut = 1 + random.nextInt(Sector.SIZE - 1);
            System.arraycopy(old, Sector.SIZE, bytes, Sector.SIZE, cut);
            assertFalse(isGood(), "cut=" + cut);
        }
    }

    @Test
    void aSectorOfAnotherPlaceOrSidecarIsSeen() {
        stampRandom();
        for (int sectors = 1; sectors < 10_000; sectors++) {
            long elsewhere = POSITION + (long) sectors * Sector.SIZE;
            assertFalse(Sector.isGood(memory, Sector.SIZE, IDENTITY, elsewhere));
        }
        for (int i = 0; i < 10_000; i++) {
            assertFalse(Sector.isGood(memory, Sector.SIZE, random.nextLong(), POSITION));
        }
    }

    @Test
    void theSameBodyHasAnotherCheckInEveryPlace() {
        Set<Long> checks = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            Sector.stamp(memory, 0, IDENTITY, (long) i * Sector.SIZE);
            checks.add(memory.get(Sector.U64, Sector.BODY));
        }
        assertEquals(10_000, checks.size());
    }

    @Test
    void onlyZerosAreBlank() {
        assertTrue(Sector.isBlank(memory, Sector.SIZE));
        assertFalse(isGood(), "never written is not good");
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = 1;
            boolean inside = at / Sector.SIZE == 1;
            assertEquals(!inside, Sector.isBlank(memory, Sector.SIZE), "byte " + at);
            bytes[at] = 0;
        }
    }
}
