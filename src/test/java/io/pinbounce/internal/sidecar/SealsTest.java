package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.crc.Crc64Nvme;
import io.pinbounce.internal.sidecar.Seals.Digest;
import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.util.Random;

class SealsTest {

    private final Random random = new Random(Seed.value());

    private static long seal(Seals seals, PiContext context, byte[] data, long number) {
        MemorySegment memory = MemorySegment.ofArray(data);
        MemorySegment tuple = MemorySegment.ofArray(new byte[context.metadataSize()]);
        Pi.generate(context, memory, tuple, number);
        return seals.of(memory, 0, tuple, 0);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void aTupleMadeFromASealVerifiesItsData() {
        for (int round = 0; round < 500; round++) {
            PiContext context = Contexts.any(random);
            for (Digest digest : Digest.values()) {
                Seals seals = new Seals(context, digest);
                byte[] data = bytes(context.interval());
                long number = random.nextLong(Layout.MAX_INTERVALS);
                long seal = seal(seals, context, data, number);
                MemorySegment tuple = MemorySegment.ofArray(new byte[context.metadataSize()]);
                seals.putTuple(seal, number, tuple, 0);
                MemorySegment memory = MemorySegment.ofArray(data);
                assertTrue(Pi.verify(context, memory, tuple, number).isEmpty(), context.toString());
                assertTrue(seals.digestMatches(seal, memory, 0));
                data[random.nextInt(data.length)] ^= 0x10;
                assertFalse(Pi.verify(context, memory, tuple, number).isEmpty());
                boolean whole = digest == Digest.NONE || context.format() == PiFormat.GUARD_64;
                assertEquals(whole, seals.digestMatches(seal, memory, 0), context.toString());
            }
        }
    }

    @Test
    void zerosHaveOneSeal() {
        for (int round = 0; round < 100; round++) {
            PiContext context = Contexts.any(random);
            for (Digest digest : Digest.values()) {
                Seals seals = new Seals(context, digest);
                byte[] zeros = new byte[context.interval()];
                long number = random.nextLong(Layout.MAX_INTERVALS);
                assertEquals(seals.ofZeros(), seal(seals, context, zeros, number));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PiFormat.class)
    void theGuardIsOnTopAndTheDigestFillsTheRest(PiFormat format) {
        PiContext context = PiContext.of(format, 4096);
        byte[] data = bytes(4096);
        MemorySegment memory = MemorySegment.ofArray(data);
        MemorySegment tuple = MemorySegment.ofArray(new byte[context.metadataSize()]);
        Pi.generate(context, memory, tuple, 5);
        long seal = seal(new Seals(context, Digest.CRC64), context, data, 5);
        int bits =
                switch (format) {
                    case GUARD_16 -> 16;
                    case GUARD_32 -> 32;
                    case GUARD_64 -> 64;
                };
        assertEquals(Pi.guard(context, tuple, 0), seal >>> (64 - bits));
        if (bits < 64) {
            long digest = Crc64Nvme.update(0, memory, 0, 4096);
            assertEquals(digest << bits >>> bits, seal << bits >>> bits);
            long alone = seal(new Seals(context, Digest.NONE), context, data, 5);
            assertEquals(seal >>> (64 - bits) << (64 - bits), alone);
        }
    }

    /** A 16-bit guard alone would take one or two of these for whole. */
    @ParameterizedTest
    @EnumSource(PiFormat.class)
    void noTornIntervalHasASealOfEitherVersion(PiFormat format) {
        PiContext context = PiContext.of(format, 4096);
        Seals seals = new Seals(context, Digest.CRC64);
        byte[] torn = new byte[4096];
        for (int i = 0; i < 100_000; i += 254) {
            byte[] old = bytes(4096);
            byte[] next = bytes(4096);
            long oldSeal = seal(seals, context, old, 0);
            long nextSeal = seal(seals, context, next, 0);
            for (int kept = 1; kept < 255; kept++) {
                for (int sector = 0; sector < 8; sector++) {
                    byte[] from = (kept >> sector & 1) == 0 ? old : next;
                    System.arraycopy(from, sector * 512, torn, sector * 512, 512);
                }
                long seal = seal(seals, context, torn, 0);
                assertNotEquals(oldSeal, seal, "kept=" + kept);
                assertNotEquals(nextSeal, seal, "kept=" + kept);
            }
        }
    }

    @Test
    void canaryAGuardAloneTakesTornIntervalsForWhole() {
        PiContext context = PiContext.t10(512);
        Seals seals = new Seals(context, Digest.NONE);
        byte[] data = bytes(512);
        long expected = seal(seals, context, data, 0);
        int taken = 0;
        for (int i = 0; i < 1 << 20; i++) {
            data[i % 500] ^= (byte) (1 + random.nextInt(255));
            taken += seal(seals, context, data, 0) == expected ? 1 : 0;
        }
        assertTrue(taken > 0, "a guard of 16 bits collides once in 65,536");
    }
}
