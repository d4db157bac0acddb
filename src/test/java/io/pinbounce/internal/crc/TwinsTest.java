package io.pinbounce.internal.crc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pinbounce.internal.linux.InstructionSet;
import io.pinbounce.internal.linux.StubLibrary;
import io.pinbounce.internal.linux.StubLibrary.Guard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The twins in Java and for each instruction set that runs here agree with the definition. */
class TwinsTest {

    private static final int MAX_LENGTH = 4200;

    private static final long SEED = Long.getLong("pinbounce.seed", System.nanoTime());

    interface Crc {
        long update(long seed, MemorySegment memory, long offset, long length);
    }

    record Twin(String name, Guard guard, Crc crc) {
        @Override
        public String toString() {
            return name + " " + guard;
        }
    }

    static List<Twin> twins() {
        List<Twin> twins = new ArrayList<>();
        for (Guard guard : Guard.values()) {
            Crc java = (s, m, o, l) -> JavaTwin.update(guard, s, m, o, l);
            twins.add(new Twin("Java", guard, java));
            for (InstructionSet set : InstructionSet.values()) {
                if (StubLibrary.runs(set)) {
                    Crc crc = (s, m, o, l) -> NativeCrc.update(set, guard, s, m, o, l);
                    twins.add(new Twin(set.toString(), guard, crc));
                }
            }
        }
        return twins;
    }

    private static long bitSerial(Guard guard, long seed, byte[] data, int offset, int length) {
        return switch (guard) {
            case CRC16_T10DIF -> BitSerialCrc.update(0x8BB7, (int) seed, data, offset, length);
            case CRC32C -> ReflectedCrc.CRC_32C.bitSerial(seed, data, offset, length);
            case CRC64_NVME -> ReflectedCrc.CRC_64_NVME.bitSerial(seed, data, offset, length);
        };
    }

    private static long randomSeed(Guard guard, Random random) {
        return switch (guard) {
            case CRC16_T10DIF -> random.nextInt(0x10000);
            case CRC32C -> Integer.toUnsignedLong(random.nextInt());
            case CRC64_NVME -> random.nextLong();
        };
    }

    /** The CRC of every prefix. */
    private static long[] expected(Guard guard, long seed, byte[] data) {
        long[] crcs = new long[data.length + 1];
        crcs[0] = seed;
        for (int i = 0; i < data.length; i++) {
            crcs[i + 1] = bitSerial(guard, crcs[i], data, i, 1);
        }
        return crcs;
    }

    private static long[] found(Twin twin, long seed, MemorySegment memory, int alignment) {
        long[] crcs = new long[MAX_LENGTH + 1];
        for (int length = 0; length <= MAX_LENGTH; length++) {
            crcs[length] = twin.crc.update(seed, memory, alignment, length);
        }
        return crcs;
    }

    @ParameterizedTest
    @MethodSource("twins")
    void twinsAgreeOnEveryLengthAtEveryAlignment(Twin twin) {
        Random random = new Random(SEED);
        byte[] data = new byte[MAX_LENGTH];
        random.nextBytes(data);
        long seed = randomSeed(twin.guard, random);
        long[] expected = expected(twin.guard, seed, data);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(MAX_LENGTH + 64, 64);
            for (int alignment = 0; alignment < 64; alignment++) {
                MemorySegment.copy(MemorySegment.ofArray(data), 0, memory, alignment, MAX_LENGTH);
                assertArrayEquals(
                        expected,
                        found(twin, seed, memory, alignment),
                        "alignment=" + alignment + " pinbounce.seed=" + SEED);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("twins")
    void twinsAgreeOnHeapMemoryOfAnySize(Twin twin) {
        Random random = new Random(SEED);
        byte[] data = new byte[3 * StubLibrary.MAX_CRITICAL + 77];
        random.nextBytes(data);
        long expected = bitSerial(twin.guard, 0, data, 1, data.length - 1);
        MemorySegment memory = MemorySegment.ofArray(data).asReadOnly();
        assertEquals(
                expected, twin.crc.update(0, memory, 1, data.length - 1), "pinbounce.seed=" + SEED);
    }

    @ParameterizedTest
    @MethodSource("twins")
    void canaryAWrongBitIsNoticed(Twin twin) {
        byte[] data = new byte[MAX_LENGTH];
        long right = twin.crc.update(0, MemorySegment.ofArray(data), 0, MAX_LENGTH);
        data[MAX_LENGTH / 2] ^= 4;
        long wrong = twin.crc.update(0, MemorySegment.ofArray(data), 0, MAX_LENGTH);
        assertNotEquals(right, wrong);
    }

    @Test
    void mappedMemoryIsLeftToJava() throws Exception {
        Path file = Files.createTempFile("pinbounce", ".data");
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(Files.write(file, new byte[8192]))) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 8192, arena);
            assertFalse(NativeCrc.serves(mapped, 4096));
        } finally {
            Files.delete(file);
        }
    }
}
