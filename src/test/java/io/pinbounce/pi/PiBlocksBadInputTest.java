package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bad input that is refused before anything is written. */
class PiBlocksBadInputTest {

    private static final PiContext T10 = PiContext.t10(512);
    private static final Random RANDOM = new Random(1);

    private final byte[] bytes = new byte[2 * 520];
    private final MemorySegment memory = MemorySegment.ofArray(bytes);
    private final PiBlocks blocks = PiBlocks.interleaved(memory);
    private final byte[] otherBytes = new byte[2 * 520];
    private final PiBlocks other = PiBlocks.interleaved(MemorySegment.ofArray(otherBytes));

    /** Every operation that writes into blocks. */
    private List<Executable> writers(PiBlocks to, long firstInterval) {
        List<Executable> writers = new ArrayList<>();
        writers.add(() -> Pi.generate(T10, to, firstInterval));
        writers.add(() -> Pi.generateCopy(T10, other, to, firstInterval));
        writers.add(() -> Pi.verifyCopy(T10, other, to, firstInterval));
        writers.add(() -> Pi.remap(T10, to, firstInterval, 1, RemapCheck.TRUST));
        return writers;
    }

    private void refused(String message, Executable operation) {
        String actual = assertThrows(IllegalArgumentException.class, operation).getMessage();
        assertEquals(message, actual);
        assertArrayEquals(new byte[2 * 520], bytes);
        assertArrayEquals(new byte[2 * 520], otherBytes);
    }

    @Test
    void partialIntervalsAndTooSmallBlocksAreRefused() {
        String whole =
                "The segments must be a whole number of intervals, each with its metadata,"
                        + " byteSize=1000 interval=512 metadataSize=8";
        PiBlocks odd = PiBlocks.interleaved(memory.asSlice(0, 1000));
        refused(whole, () -> Pi.generate(T10, odd, 0));
        refused(whole, () -> Pi.verify(T10, odd, 0));
        refused(whole, () -> Pi.generateCopy(T10, odd, other, 0));
        refused(whole, () -> Pi.verifyCopy(T10, odd, other, 0));
        refused(whole, () -> Pi.remap(T10, odd, 0, 0, RemapCheck.COMPARE));
        refused(whole, () -> Pi.escape(T10, odd));
        refused(whole, () -> Pi.inject(T10, odd, InjectionTarget.DATA, RANDOM));
        String room =
                "The destination must have room for as many intervals as the source has,"
                        + " byteSize=1000 perInterval=520 intervals=2";
        refused(room, () -> Pi.generateCopy(T10, other, odd, 0));
        refused(room, () -> Pi.verifyCopy(T10, other, odd, 0));
        MemorySegment data = memory.asSlice(0, 1024);
        PiBlocks short15 = PiBlocks.separate(data, memory.asSlice(1024, 15));
        String metadata =
                "The metadata must have metadataSize bytes for each interval,"
                        + " byteSize=15 metadataSize=8 intervals=2";
        for (Executable writer : writers(short15, 0)) {
            refused(metadata, writer);
        }
        refused(metadata, () -> Pi.verify(T10, short15, 0));
    }

    @Test
    void sizesNearTheLargestLongAreRefused() {
        MemorySegment huge = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
        refused(
                "Segments must have at most 2^63 - 1 bytes together, segments=2",
                () -> PiBlocks.dataOnly(List.of(huge, huge)));
        PiBlocks most = PiBlocks.dataOnly(huge.asSlice(0, Long.MAX_VALUE / 512 * 512));
        refused(
                "The destination must have room for as many intervals as the source has,"
                        + " byteSize=1040 perInterval=520 intervals=18014398509481983",
                () -> Pi.generateCopy(T10, most, blocks, 0));
        PiContext large = T10.toBuilder().metadataSize(Integer.MAX_VALUE).build();
        assertThrows(IllegalArgumentException.class, () -> Pi.generateCopy(large, most, blocks, 0));
    }

    @Test
    void intervalNumbersOutOfRangeAreRefused() {
        String numbers = "Interval numbers must be 0 to 2^63 - 1, firstInterval=";
        for (Executable writer : writers(blocks, -1)) {
            refused(numbers + "-1 intervals=2", writer);
        }
        for (Executable writer : writers(blocks, Long.MAX_VALUE - 1)) {
            refused(numbers + "9223372036854775806 intervals=2", writer);
        }
        refused(numbers + "-1 intervals=2", () -> Pi.verify(T10, blocks, -1));
        refused(
                numbers + "9223372036854775806 intervals=2",
                () -> Pi.verify(T10, blocks, Long.MAX_VALUE - 1));
    }

    @Test
    void theLastIntervalNumbersAndAnyReferenceSeedAreAccepted() {
        long last = Long.MAX_VALUE - 2;
        Pi.generate(T10, blocks, last);
        PiContext context = T10;
        for (long refSeed : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 0}) {
            assertEquals(List.of(), Pi.remap(context, blocks, last, refSeed, RemapCheck.COMPARE));
            context = context.toBuilder().refSeed(refSeed).build();
            assertEquals(List.of(), Pi.verify(context, blocks, last));
        }
    }

    @Test
    void blocksWithoutMetadataAreRefused() {
        PiBlocks alone = PiBlocks.dataOnly(memory.asSlice(0, 1024));
        String message =
                "The blocks need metadata, and these are data alone; use interleaved or"
                        + " separate, byteSize=1024";
        refused(message, () -> Pi.generate(T10, alone, 0));
        refused(message, () -> Pi.verify(T10, alone, 0));
        refused(message, () -> Pi.generateCopy(T10, other, alone, 0));
        refused(message, () -> Pi.verifyCopy(T10, alone, other, 0));
        refused(message, () -> Pi.remap(T10, alone, 0, 0, RemapCheck.COMPARE));
        refused(message, () -> Pi.escape(T10, alone));
        refused(message, () -> Pi.inject(T10, alone, InjectionTarget.GUARD, RANDOM));
    }

    @Test
    void overlappingMemoryIsRefused() {
        String copy =
                "The source and the destination must not overlap; use memory of its own for each,"
                        + " overlap=1040";
        refused(copy, () -> Pi.generateCopy(T10, blocks, blocks, 0));
        refused(copy, () -> Pi.verifyCopy(T10, blocks, blocks, 0));
        refused(
                "The data and the metadata must not overlap; use memory of its own for each,"
                        + " overlap=1",
                () -> PiBlocks.separate(memory.asSlice(0, 512), memory.asSlice(511)));
        PiBlocks apart = PiBlocks.separate(memory.asSlice(0, 512), memory.asSlice(1032));
        MemorySegment room = MemorySegment.ofArray(new byte[512]);
        for (PiBlocks shared :
                List.of(
                        PiBlocks.dataOnly(memory.asSlice(511, 512)),
                        PiBlocks.dataOnly(memory.asSlice(521, 512)),
                        PiBlocks.separate(room, memory.asSlice(504, 9)),
                        PiBlocks.separate(room, memory.asSlice(1025, 8)))) {
            assertThrows(
                    IllegalArgumentException.class, () -> Pi.verifyCopy(T10, apart, shared, 0));
        }
        PiBlocks target = PiBlocks.separate(room, memory.asSlice(512, 8));
        assertEquals(
                List.of(),
                Pi.verifyCopy(T10, apart, target, 0)); // adjacent memory does not overlap
        MemorySegment data = memory.asSlice(0, 512);
        MemorySegment after = memory.asSlice(512, 512);
        assertThrows(
                IllegalArgumentException.class,
                () -> Pi.generate(T10, data, memory.asSlice(500), 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> Pi.generateCopy(T10, data, memory.asSlice(1), after, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> Pi.generateCopy(T10, data, after, memory.asSlice(1023), 0));
        assertArrayEquals(new byte[2 * 520], bytes);
        Pi.generateCopy(T10, data, after, memory.asSlice(1024), 0);
    }

    @Test
    void readOnlyTargetsAreRefused() {
        PiBlocks readOnly = PiBlocks.interleaved(memory.asReadOnly());
        for (Executable writer : writers(readOnly, 0)) {
            String actual = assertThrows(IllegalArgumentException.class, writer).toString();
            assertEquals(
                    " must be writable, but the segment is read-only, byteSize=1040",
                    actual.substring(actual.indexOf(" must")));
        }
        assertThrows(IllegalArgumentException.class, () -> Pi.escape(T10, readOnly));
        for (InjectionTarget target : InjectionTarget.values()) {
            assertThrows(
                    IllegalArgumentException.class, () -> Pi.inject(T10, readOnly, target, RANDOM));
        }
    }

    @Test
    void memoryOfAClosedArenaIsRefused() {
        PiBlocks gone;
        try (Arena arena = Arena.ofShared()) {
            gone = PiBlocks.interleaved(arena.allocate(1040));
        }
        for (Executable operation : operations(gone)) {
            assertThrows(IllegalStateException.class, operation);
        }
    }

    @Test
    void memoryConfinedToAnotherThreadIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            PiBlocks confined = PiBlocks.interleaved(arena.allocate(1040));
            for (Executable operation : operations(confined)) {
                Elsewhere.requireWrongThread(operation);
            }
        }
    }

    /** Every operation that touches memory. */
    private List<Executable> operations(PiBlocks touched) {
        List<Executable> operations = writers(touched, 0);
        operations.add(() -> Pi.verify(T10, touched, 0));
        operations.add(() -> Pi.generateCopy(T10, touched, other, 0));
        operations.add(() -> Pi.verifyCopy(T10, touched, other, 0));
        operations.add(() -> Pi.escape(T10, touched));
        for (InjectionTarget target : List.of(InjectionTarget.DATA, InjectionTarget.GUARD)) {
            operations.add(() -> Pi.inject(T10, touched, target, RANDOM));
        }
        return operations;
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullArgumentsAreRefused() {
        List<Executable> operations = writers(null, 0);
        operations.add(() -> PiBlocks.dataOnly((MemorySegment) null));
        operations.add(() -> PiBlocks.interleaved((List<MemorySegment>) null));
        operations.add(() -> PiBlocks.separate(memory, null));
        operations.add(() -> PiBlocks.separate(null, memory));
        operations.add(() -> PiBlocks.dataOnly(Arrays.asList(memory, null)));
        operations.add(() -> Pi.generate(null, blocks, 0));
        operations.add(() -> Pi.verify(null, blocks, 0));
        operations.add(() -> Pi.generateCopy(null, blocks, other, 0));
        operations.add(() -> Pi.verifyCopy(null, blocks, other, 0));
        operations.add(() -> Pi.remap(null, blocks, 0, 0, RemapCheck.TRUST));
        operations.add(() -> Pi.escape(null, blocks));
        operations.add(() -> Pi.escape(T10, null));
        operations.add(() -> Pi.inject(null, blocks, InjectionTarget.DATA, RANDOM));
        operations.add(() -> Pi.inject(T10, null, InjectionTarget.DATA, RANDOM));
        operations.add(() -> Pi.verifyCopy(T10, null, other, 0));
        operations.add(() -> Pi.verify(T10, (PiBlocks) null, 0));
        operations.add(() -> Pi.generateCopy(T10, null, other, 0));
        operations.add(() -> Pi.verifyCopy(T10, blocks, null, 0));
        operations.add(() -> Pi.inject(T10, blocks, null, RANDOM));
        operations.add(() -> Pi.inject(T10, blocks, InjectionTarget.DATA, null));
        operations.add(() -> Pi.remap(T10, blocks, 0, 0, null));
        for (Executable operation : operations) {
            assertThrows(NullPointerException.class, operation);
        }
    }

    @Test
    void injectingWithoutABitToFlipIsRefused() {
        PiBlocks none = PiBlocks.separate(List.of(), List.of());
        refused(
                "There must be a bit to flip, intervals=0 target=DATA bits=4096",
                () -> Pi.inject(T10, none, InjectionTarget.DATA, RANDOM));
        refused(
                "There must be a bit to flip, intervals=2 target=STORAGE_TAG bits=0",
                () -> Pi.inject(T10, blocks, InjectionTarget.STORAGE_TAG, RANDOM));
    }
}
