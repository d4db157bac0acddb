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

class Crc16T10DifProperties {

    private static final int POLYNOMIAL = 0x8BB7;

    private static byte[] random(long seed, int length) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }

    @Property(tries = 1200)
    void theCrcEqualsTheBitSerialDefinition(
            @ForAll long randomSeed,
            @ForAll @IntRange(max = 0xFFFF) int seed,
            @ForAll @IntRange(max = 63) int offset,
            @ForAll @IntRange(max = 10_000) int length) {
        byte[] data = random(randomSeed, offset + length + 9);
        int expected = BitSerialCrc.update(POLYNOMIAL, seed, data, offset, length);
        MemorySegment heap = MemorySegment.ofArray(data);
        assertEquals(expected, Crc16T10Dif.update(seed, heap, offset, length));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(data.length).copyFrom(heap);
            assertEquals(expected, Crc16T10Dif.update(seed, memory, offset, length));
        }
    }

    @Example
    void canaryAnotherPolynomialIsNoticed() {
        byte[] data = random(1, 100);
        int other = BitSerialCrc.update(0x1021, 0, data, 0, 100);
        assertNotEquals(other, Crc16T10Dif.update(0, MemorySegment.ofArray(data), 0, 100));
    }

    @Property(tries = 1000)
    void aMessageMayBeCutAnywhere(
            @ForAll long randomSeed,
            @ForAll @IntRange(max = 5000) int first,
            @ForAll @IntRange(max = 5000) int second) {
        MemorySegment data = MemorySegment.ofArray(random(randomSeed, first + second));
        int crc = Crc16T10Dif.update(0, data, 0, first);
        assertEquals(
                Crc16T10Dif.update(0, data, 0, first + second),
                Crc16T10Dif.update(crc, data, first, second));
    }

    @Property(tries = 1000)
    void updateZerosEqualsUpdateOverZeros(
            @ForAll @IntRange(max = 0xFFFF) int seed, @ForAll @IntRange(max = 5000) int length) {
        MemorySegment zeros = MemorySegment.ofArray(new byte[length]);
        assertEquals(
                Crc16T10Dif.update(seed, zeros, 0, length), Crc16T10Dif.updateZeros(seed, length));
    }
}
