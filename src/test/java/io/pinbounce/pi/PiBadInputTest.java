package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

class PiBadInputTest {

    private static final PiContext T10 = PiContext.t10(512);

    private final byte[] copyBytes = new byte[1024];
    private final byte[] metadataBytes = new byte[16];
    private final MemorySegment data = MemorySegment.ofArray(new byte[1024]).fill((byte) 0x5A);
    private final MemorySegment copy = MemorySegment.ofArray(copyBytes);
    private final MemorySegment metadata = MemorySegment.ofArray(metadataBytes);

    /** Every operation that takes data, metadata and a number. */
    private static List<Executable> operations(
            MemorySegment data, MemorySegment copy, MemorySegment metadata, long firstInterval) {
        List<Executable> operations = new ArrayList<>();
        operations.add(() -> Pi.generate(T10, data, metadata, firstInterval));
        operations.add(() -> Pi.generateCopy(T10, data, copy, metadata, firstInterval));
        operations.add(() -> Pi.verify(T10, data, metadata, firstInterval));
        return operations;
    }

    private void refused(String message, Executable operation) {
        String actual = assertThrows(IllegalArgumentException.class, operation).getMessage();
        assertEquals(message, actual);
        assertArrayEquals(new byte[1024], copyBytes);
        assertArrayEquals(new byte[16], metadataBytes);
    }

    @Test
    void aPartialIntervalIsRefused() {
        for (Executable operation : operations(data.asSlice(0, 1000), copy, metadata, 0)) {
            refused(
                    "The data must be a whole number of intervals; pad the last one with zeros,"
                            + " byteSize=1000 interval=512",
                    operation);
        }
    }

    @Test
    void tooLittleMetadataIsRefused() {
        String message =
                "The metadata must have metadataSize bytes for each interval,"
                        + " byteSize=15 metadataSize=8 intervals=2";
        MemorySegment small = metadata.asSlice(0, 15);
        for (Executable operation : operations(data, copy, small, 0)) {
            refused(message, operation);
        }
        refused(message, () -> Pi.generateZeros(T10, small, 0, 2));
    }

    @Test
    void aTooSmallDestinationIsRefused() {
        refused(
                "The destination must be at least as large as the source,"
                        + " destination=1023 source=1024",
                () -> Pi.generateCopy(T10, data, copy.asSlice(1), metadata, 0));
    }

    @Test
    void intervalNumbersOutOfRangeAreRefused() {
        String numbers = "Interval numbers must be 0 to 2^63 - 1, firstInterval=";
        for (Executable operation : operations(data, copy, metadata, -1)) {
            refused(numbers + "-1 intervals=2", operation);
        }
        for (Executable operation : operations(data, copy, metadata, Long.MAX_VALUE - 1)) {
            refused(numbers + "9223372036854775806 intervals=2", operation);
        }
        refused(numbers + "-1 intervals=2", () -> Pi.generateZeros(T10, metadata, -1, 2));
        refused(numbers + "0 intervals=-1", () -> Pi.generateZeros(T10, metadata, 0, -1));
        Pi.generate(T10, data, metadata, Long.MAX_VALUE - 2);
        assertEquals(List.of(), Pi.verify(T10, data, metadata, Long.MAX_VALUE - 2));
    }

    @Test
    void readOnlyTargetsAreRefused() {
        String message = "The metadata must be writable, but the segment is read-only, byteSize=16";
        MemorySegment readOnly = metadata.asReadOnly();
        refused(message, () -> Pi.generate(T10, data, readOnly, 0));
        refused(message, () -> Pi.generateCopy(T10, data, copy, readOnly, 0));
        refused(message, () -> Pi.generateZeros(T10, readOnly, 0, 2));
        refused(
                "The destination must be writable, but the segment is read-only, byteSize=1024",
                () -> Pi.generateCopy(T10, data, copy.asReadOnly(), metadata, 0));
        Pi.generate(T10, data.asReadOnly(), metadata, 0);
        assertEquals(List.of(), Pi.verify(T10, data.asReadOnly(), readOnly, 0));
    }

    @Test
    void memoryOfAClosedArenaIsRefused() {
        MemorySegment gone;
        try (Arena arena = Arena.ofShared()) {
            gone = arena.allocate(1024);
        }
        List<Executable> operations = operations(gone, copy, metadata, 0);
        operations.addAll(operations(data, copy, gone, 0));
        operations.add(() -> Pi.generateCopy(T10, data, gone, metadata, 0));
        operations.add(() -> Pi.generateZeros(T10, gone, 0, 2));
        for (Executable operation : operations) {
            assertThrows(IllegalStateException.class, operation);
        }
    }

    @Test
    void memoryConfinedToAnotherThreadIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment confined = arena.allocate(1024);
            List<Executable> operations = operations(confined, copy, metadata, 0);
            operations.addAll(operations(data, copy, confined, 0));
            operations.add(() -> Pi.generateCopy(T10, data, confined, metadata, 0));
            operations.add(() -> Pi.generateZeros(T10, confined, 0, 2));
            for (Executable operation : operations) {
                Elsewhere.requireWrongThread(operation);
            }
        }
    }

    @Test
    void sizesNearTheLargestLongAreRefusedOrRight() {
        MemorySegment huge =
                MemorySegment.NULL.reinterpret(Long.MAX_VALUE / T10.interval() * T10.interval());
        for (Executable operation : operations(huge, copy, metadata, 0)) {
            assertThrows(IllegalArgumentException.class, operation);
        }
        for (Executable operation : operations(huge, huge, huge, Long.MAX_VALUE)) {
            assertThrows(IllegalArgumentException.class, operation);
        }
        refused(
                "The metadata must have metadataSize bytes for each interval,"
                        + " byteSize=16 metadataSize=8 intervals=9223372036854775807",
                () -> Pi.generateZeros(T10, metadata, 0, Long.MAX_VALUE));
        refused(
                "Interval numbers must be 0 to 2^63 - 1,"
                        + " firstInterval=1 intervals=9223372036854775807",
                () -> Pi.generateZeros(T10, metadata, 1, Long.MAX_VALUE));
        refused(
                "Interval numbers must be 0 to 2^63 - 1,"
                        + " firstInterval=-9223372036854775808 intervals=2",
                () -> Pi.generate(T10, data, metadata, Long.MIN_VALUE));
        Pi.generateZeros(T10, metadata, Long.MAX_VALUE - 2, 2);
        assertEquals(0xFFFF_FFFEL, PiTuple.read(T10, metadata, 8).refTag());
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullArgumentsAreRefused() {
        List<Executable> operations = operations(null, copy, metadata, 0);
        operations.addAll(operations(data, copy, null, 0));
        operations.add(() -> Pi.generateCopy(T10, data, null, metadata, 0));
        operations.add(() -> Pi.generateZeros(T10, null, 0, 2));
        operations.add(() -> Pi.generate(null, data, metadata, 0));
        operations.add(() -> Pi.generateCopy(null, data, copy, metadata, 0));
        operations.add(() -> Pi.generateZeros(null, metadata, 0, 2));
        operations.add(() -> Pi.verify(null, data, metadata, 0));
        for (Executable operation : operations) {
            assertThrows(NullPointerException.class, operation);
        }
    }
}
