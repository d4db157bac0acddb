package io.pinbounce.internal.crc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ReflectedCrcTest {

    /** The rows of the known answers that a CRC gets wrong when some bit of it flips. */
    private static List<String> wrong(ReflectedCrc crc, long flippedInLongRanges) {
        List<String> wrong = new ArrayList<>();
        List<String[]> rows = Vectors.rows(ReflectedCrcTest.class, crc.vectors);
        assertEquals(561, rows.size());
        for (String[] row : rows) {
            int length = Integer.parseInt(row[1]);
            long seed = Long.parseUnsignedLong(row[2], 16);
            MemorySegment data = MemorySegment.ofArray(Vectors.pattern(row[0], length));
            long found = crc.update(seed, data, 0, length);
            if ((found ^ (length > 4096 ? flippedInLongRanges : 0))
                    != Long.parseUnsignedLong(row[3], 16)) {
                wrong.add(String.join(",", row));
            }
        }
        return wrong;
    }

    @ParameterizedTest
    @EnumSource
    void theKnownAnswersAreComputed(ReflectedCrc crc) {
        assertEquals(List.of(), wrong(crc, 0));
    }

    @ParameterizedTest
    @EnumSource
    void canaryOneWrongBitInLongRangesIsNoticed(ReflectedCrc crc) {
        assertNotEquals(List.of(), wrong(crc, 1));
    }

    @Test
    void theCheckValuesAreTheStandards() {
        MemorySegment digits = MemorySegment.ofArray(Vectors.pattern("digits", 9));
        assertEquals(0xE3069283, Crc32c.update(0, digits, 0, 9));
        assertEquals(0xAE8B14860A799888L, Crc64Nvme.update(0, digits, 0, 9));
    }

    /** Values of the NVM Command Set specification and of SPDK's unit tests. */
    @Test
    void publishedValuesAreComputed() {
        MemorySegment zeros = MemorySegment.ofArray(Vectors.pattern("zero", 4096));
        MemorySegment ones = MemorySegment.ofArray(Vectors.pattern("ff", 4096));
        MemorySegment up = MemorySegment.ofArray(Vectors.pattern("inc", 4096));
        MemorySegment down = MemorySegment.ofArray(Vectors.pattern("dec", 4096));
        assertEquals(0x98F94189, Crc32c.update(0, zeros, 0, 4096));
        assertEquals(0x98F94189, Crc32c.updateZeros(0, 4096));
        assertEquals(0x25C1FE13, Crc32c.update(0, ones, 0, 4096));
        assertEquals(0x9C71FE32, Crc32c.update(0, up, 0, 4096));
        assertEquals(0x214941A8, Crc32c.update(0, down, 0, 4096));
        assertEquals(0x6482D367EB22B64EL, Crc64Nvme.update(0, zeros, 0, 4096));
        assertEquals(0x6482D367EB22B64EL, Crc64Nvme.updateZeros(0, 4096));
        assertEquals(0xC0DDBA7302ECA3ACL, Crc64Nvme.update(0, ones, 0, 4096));
        assertEquals(0x3E729F5F6750449CL, Crc64Nvme.update(0, up, 0, 4096));
        assertEquals(0x9A2DF64B8E9E517EL, Crc64Nvme.update(0, down, 0, 4096));
    }

    @ParameterizedTest
    @EnumSource
    void mappedMemoryHasTheSameCrc(ReflectedCrc crc, @TempDir Path directory) throws IOException {
        byte[] data = Vectors.pattern("lcg", 5000);
        Path file = Files.write(directory.resolve("data"), data);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, 5000, arena);
            assertTrue(mapped.isMapped());
            assertEquals(crc.bitSerial(0, data, 3, 4990), crc.update(0, mapped, 3, 4990));
        }
    }

    @ParameterizedTest
    @EnumSource
    void updateAllocatesNothing(ReflectedCrc crc) {
        MemorySegment data = MemorySegment.ofArray(Vectors.pattern("lcg", 4096));
        long[] seed = new long[1];
        Runnable run = () -> seed[0] = crc.update(seed[0], data, 1, 1000);
        assertEquals(0, Allocation.perRun(run));
    }

    @ParameterizedTest
    @EnumSource
    void rangesOutsideTheMemoryAreRefused(ReflectedCrc crc) {
        MemorySegment data = MemorySegment.ofArray(new byte[16]);
        assertThrows(IndexOutOfBoundsException.class, () -> crc.update(0, data, 0, 17));
        assertThrows(IndexOutOfBoundsException.class, () -> crc.update(0, data, -1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> crc.update(0, data, 0, -1));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> crc.update(0, data, Long.MAX_VALUE, Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> crc.updateZeros(0, -1));
    }

    @ParameterizedTest
    @EnumSource
    void memoryOfAClosedArenaIsRefused(ReflectedCrc crc) {
        MemorySegment data;
        try (Arena arena = Arena.ofConfined()) {
            data = arena.allocate(16);
        }
        assertThrows(IllegalStateException.class, () -> crc.update(0, data, 0, 16));
    }
}
