package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** What streams and ranges must refuse. */
class PiStreamBadInputTest {

    private static final PiContext T10 = PiContext.t10(512);

    private static final MetadataLayout INTERLEAVED = MetadataLayout.INTERLEAVED;
    private static final MetadataLayout SEPARATE = MetadataLayout.SEPARATE;

    private final MemorySegment memory = MemorySegment.ofArray(new byte[2 * 520]);

    private static void refused(String message, Executable operation) {
        String actual = assertThrows(IllegalArgumentException.class, operation).getMessage();
        assertEquals(message, actual);
    }

    /** Every call that makes a stream access memory at once. */
    private List<Executable> additions(MemorySegment piece) {
        List<Executable> additions = new ArrayList<>();
        for (MetadataLayout layout : MetadataLayout.values()) {
            additions.add(() -> PiStream.generating(T10, layout, 0).add(piece));
            additions.add(() -> PiStream.verifying(T10, layout, 0).add(piece));
        }
        additions.add(() -> withData(PiStream.generating(T10, SEPARATE, 0)).addMetadata(piece));
        additions.add(() -> withData(PiStream.verifying(T10, SEPARATE, 0)).addMetadata(piece));
        return additions;
    }

    private PiStream withData(PiStream stream) {
        stream.add(memory.asSlice(0, 512));
        return stream;
    }

    @Test
    void memoryOfAClosedArenaIsRefused() {
        MemorySegment gone;
        try (Arena arena = Arena.ofShared()) {
            gone = arena.allocate(1040);
        }
        for (Executable addition : additions(gone)) {
            assertThrows(IllegalStateException.class, addition);
        }
    }

    @Test
    void memoryConfinedToAnotherThreadIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            for (Executable addition : additions(arena.allocate(1040))) {
                Elsewhere.requireWrongThread(addition);
            }
        }
    }

    @Test
    void readOnlyMemoryIsRefusedForTuplesOnly() {
        String message = "The piece must be writable, but the segment is read-only, byteSize=1040";
        MemorySegment readOnly = memory.asReadOnly();
        refused(message, () -> PiStream.generating(T10, INTERLEAVED, 0).add(readOnly));
        refused(message, () -> PiStream.generating(T10, SEPARATE, 0).addMetadata(readOnly));
        PiStream generating = PiStream.generating(T10, SEPARATE, 0);
        generating.add(readOnly.asSlice(0, 512));
        generating.addMetadata(memory.asSlice(512, 8));
        assertEquals(List.of(), generating.finish());
        PiStream verifying = PiStream.verifying(T10, INTERLEAVED, 0);
        verifying.add(readOnly);
        assertEquals(Pi.verify(T10, PiBlocks.interleaved(readOnly), 0), verifying.finish());
    }

    @Test
    void intervalNumbersOutOfRangeAreRefused() {
        String numbers = "Interval numbers must be 0 to 2^63 - 1, firstInterval=";
        for (MetadataLayout layout : MetadataLayout.values()) {
            refused(numbers + "-1 intervals=0", () -> PiStream.verifying(T10, layout, -1));
            refused(
                    numbers + "-9223372036854775808 intervals=0",
                    () -> PiStream.generating(T10, layout, Long.MIN_VALUE));
            PiStream stream = PiStream.generating(T10, layout, Long.MAX_VALUE);
            refused(numbers + "9223372036854775807 intervals=1", () -> stream.add(memory));
        }
        PiStream last = PiStream.generating(T10, INTERLEAVED, Long.MAX_VALUE - 1);
        last.add(memory.asSlice(0, 520));
        assertEquals(0xFFFF_FFFEL, PiTuple.read(T10, memory, 512).refTag());
        assertEquals(List.of(), last.finish());
    }

    @Test
    void separateMetadataAndAnEarlyEndAreRefused() {
        PiStream stream = PiStream.verifying(T10, INTERLEAVED, 0);
        assertThrows(IllegalStateException.class, () -> stream.addMetadata(memory));
        stream.add(memory.asSlice(0, 519));
        String message = assertThrows(IllegalStateException.class, stream::finish).getMessage();
        assertEquals(
                "The stream ends inside an interval or before its metadata,"
                        + " interval=0 missingData=0",
                message);
    }

    @Test
    void invalidRangesAreRefused() {
        String range = "A range must lie in 0 to 2^63 - 1, ";
        refused(
                range + "offset=1 length=9223372036854775807",
                () -> new PiRange(1, Long.MAX_VALUE));
        refused(range + "offset=-1 length=0", () -> new PiRange(-1, 0));
        refused(range + "offset=0 length=-1", () -> new PiRange(0, -1));
        assertThrows(IllegalArgumentException.class, () -> new PiRange(Long.MIN_VALUE, 0));
        assertThrows(IllegalArgumentException.class, () -> new PiRange(0, Long.MIN_VALUE));
        refused(
                "The range with metadata must end at 2^63 - 1 or before,"
                        + " offset=0 length=9223372036854775807 metadataSize=8",
                () -> new PiRange(0, Long.MAX_VALUE).toExtended(T10));
        PiContext large = T10.toBuilder().metadataSize(Integer.MAX_VALUE).build();
        PiRange last = new PiRange(Long.MAX_VALUE, 0);
        assertEquals(0, last.toData(large).length());
        assertEquals(Long.MAX_VALUE / 520 * 512 + Long.MAX_VALUE % 520, last.toData(T10).offset());
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullArgumentsAreRefused() {
        List<Executable> operations = additions(null);
        operations.add(() -> PiStream.verifying(T10, null, 0));
        operations.add(() -> PiStream.generating(null, SEPARATE, 0));
        operations.add(() -> new PiRange(0, 1).toExtended(null));
        operations.add(() -> new PiRange(0, 1).toData(null));
        for (Executable operation : operations) {
            assertThrows(NullPointerException.class, operation);
        }
    }
}
