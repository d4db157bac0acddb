package io.pinbounce.internal.crc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

class ReflectedCrcProperties {

    private static byte[] random(long seed, int length) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }

    @Property(tries = 1000)
    void theCrcEqualsTheBitSerialDefinition(
            @ForAll ReflectedCrc crc,
            @ForAll long randomSeed,
            @ForAll @IntRange(max = 63) int offset,
            @ForAll @IntRange(max = 10_000) int length) {
        byte[] data = random(randomSeed, offset + length + 9);
        long seed = crc.seed(randomSeed);
        long expected = crc.bitSerial(seed, data, offset, length);
        MemorySegment heap = MemorySegment.ofArray(data);
        assertEquals(expected, crc.update(seed, heap, offset, length));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(data.length).copyFrom(heap);
            assertEquals(expected, crc.update(seed, memory, offset, length));
        }
    }

    @Example
    void canaryAnotherPolynomialIsNoticed() {
        byte[] data = random(1, 100);
        for (ReflectedCrc crc : ReflectedCrc.values()) {
            long other =
                    BitSerialCrc.updateReflected(
                            crc.polynomial ^ 2, crc.width, 0, data, 0, data.length);
            assertNotEquals(other, crc.update(0, MemorySegment.ofArray(data), 0, data.length));
        }
    }

    @Property(tries = 1000)
    void aMessageMayBeCutAnywhere(
            @ForAll ReflectedCrc crc,
            @ForAll long randomSeed,
            @ForAll @IntRange(max = 9000) int first,
            @ForAll @IntRange(max = 9000) int second) {
        MemorySegment data = MemorySegment.ofArray(random(randomSeed, first + second));
        long seed = crc.update(crc.seed(randomSeed), data, 0, first);
        assertEquals(
                crc.update(crc.seed(randomSeed), data, 0, first + second),
                crc.update(seed, data, first, second));
    }

    @Property(tries = 1000)
    void updateZerosEqualsUpdateOverZeros(
            @ForAll ReflectedCrc crc,
            @ForAll long randomSeed,
            @ForAll @IntRange(max = 5000) int length) {
        MemorySegment zeros = MemorySegment.ofArray(new byte[length]);
        long seed = crc.seed(randomSeed);
        assertEquals(crc.update(seed, zeros, 0, length), crc.updateZeros(seed, length));
    }
}
