package io.pinbounce.internal.crc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class Crc16T10DifTest {

    private interface Crc {
        int update(int seed, MemorySegment memory, long offset, long length);
    }

    /** The rows of the known answers that a CRC gets wrong. */
    private static List<String> wrong(Crc crc) {
        List<String> wrong = new ArrayList<>();
        List<String[]> rows = Vectors.rows(Crc16T10DifTest.class, "crc16-t10dif.csv");
        assertEquals(561, rows.size());
        for (String[] row : rows) {
            int length = Integer.parseInt(row[1]);
            int seed = Integer.parseInt(row[2], 16);
            MemorySegment data = MemorySegment.ofArray(Vectors.pattern(row[0], length));
            if (crc.update(seed, data, 0, length) != Integer.parseInt(row[3], 16)) {
                wrong.add(String.join(",", row));
            }
        }
        return wrong;
    }

    @Test
    void theKnownAnswersAreComputed() {
        assertEquals(List.of(), wrong(Crc16T10Dif::update));
    }

    @Test
    void canaryOneWrongBitInLongRangesIsNoticed() {
        Crc broken =
                (seed, memory, offset, length) ->
                        Crc16T10Dif.update(seed, memory, offset, length) ^ (length > 4096 ? 1 : 0);
        assertNotEquals(List.of(), wrong(broken));
    }

    @Test
    void theCheckValueIsTheStandards() {
        MemorySegment digits = MemorySegment.ofArray(Vectors.pattern("digits", 9));
        assertEquals(0xD0DB, Crc16T10Dif.update(0, digits, 0, 9));
    }

    /** Folding relies on x^384 = x^46 + x^15; 48 zero bytes multiply by x^384. */
    @Test
    void thePolynomialDividesTheTrinomialOfTheFold() {
        int x46 = Crc16T10Dif.updateZeros(1 << 6, 5);
        int x15 = 1 << 15;
        assertEquals(x46 ^ x15, Crc16T10Dif.updateZeros(1, 48));
    }

    @Test
    void mappedMemoryHasTheSameCrc(@TempDir Path directory) throws IOException {
        byte[] data = Vectors.pattern("lcg", 5000);
        Path file = Files.write(directory.resolve("data"), data);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, 5000, arena);
            assertTrue(mapped.isMapped());
            int expected = Crc16T10Dif.update(0, MemorySegment.ofArray(data), 3, 4990);
            assertEquals(expected, Crc16T10Dif.update(0, mapped, 3, 4990));
        }
    }

    @Test
    void updateAllocatesNothing() {
        MemorySegment data = MemorySegment.ofArray(Vectors.pattern("lcg", 4096));
        int[] crc = new int[1];
        Runnable run = () -> crc[0] = Crc16T10Dif.update(crc[0], data, 1, 1000);
        assertEquals(0, Allocation.perRun(run));
        byte[][] kept = new byte[1][];
        assertTrue(Allocation.perRun(() -> kept[0] = new byte[64]) >= 64, "canary");
    }

    @Test
    void rangesOutsideTheMemoryAreRefused() {
        MemorySegment data = MemorySegment.ofArray(new byte[16]);
        assertThrows(IndexOutOfBoundsException.class, () -> Crc16T10Dif.update(0, data, 0, 17));
        assertThrows(IndexOutOfBoundsException.class, () -> Crc16T10Dif.update(0, data, -1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> Crc16T10Dif.update(0, data, 0, -1));
        assertThrows(IllegalArgumentException.class, () -> Crc16T10Dif.updateZeros(0, -1));
    }

    @Test
    void memoryOfAClosedArenaIsRefused() {
        MemorySegment data;
        try (Arena arena = Arena.ofConfined()) {
            data = arena.allocate(16);
        }
        assertThrows(IllegalStateException.class, () -> Crc16T10Dif.update(0, data, 0, 16));
    }
}
