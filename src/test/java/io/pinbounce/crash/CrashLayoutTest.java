package io.pinbounce.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

class CrashLayoutTest {

    private static final int INTERVALS = 8;

    private static MemorySegment memory(long bytes) {
        return MemorySegment.ofArray(new byte[(int) bytes]);
    }

    private static MemorySegment interval(CrashLayout layout, MemorySegment file, int number) {
        return file.asSlice((long) number * layout.interval(), layout.interval());
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 16384})
    void theVersionIsReadFromTheBytesAlone(int size) {
        CrashLayout layout = new CrashLayout(size, INTERVALS);
        MemorySegment file = memory(layout.size());
        for (int i = 0; i < INTERVALS; i++) {
            assertEquals(Contents.ZEROS, layout.parse(interval(layout, file, i), i));
        }
        layout.fill(file, 0, layout.cells(), 7);
        MemorySegment part = memory(layout.bytes(3, 6));
        layout.fill(part, 3, 6, 8);
        MemorySegment.copy(part, 0, file, layout.start(3), part.byteSize());
        assertEquals(
                new Contents(List.of(7L, 7L, 7L, 8L)), layout.parse(interval(layout, file, 0), 0));
        assertEquals(
                new Contents(List.of(8L, 8L, 8L, 8L)), layout.parse(interval(layout, file, 1), 1));
        Contents mixed = Contents.ZEROS.with(0, 4, 7).with(0, 1, 8);
        assertEquals(mixed, layout.parse(interval(layout, file, 2), 2));
        MemorySegment again = memory(size);
        layout.fill(again, 2, mixed);
        assertEquals(-1, again.mismatch(interval(layout, file, 2)));
    }

    /** The canary: each bit counts, the last ones of a cell too, and the place. */
    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void canaryAnyOtherBitIsReadAsTorn(int size) {
        CrashLayout layout = new CrashLayout(size, INTERVALS);
        MemorySegment memory = memory(size);
        layout.fill(memory, 0, CrashLayout.CELLS, 7);
        Contents whole = layout.parse(memory, 0);
        for (long bit = 0; bit < size * 8L; bit++) {
            flip(memory, bit);
            assertNotEquals(whole, layout.parse(memory, 0), "bit=" + bit);
            flip(memory, bit);
        }
        assertEquals(whole, layout.parse(memory, 0));
        assertEquals(
                List.of(Contents.TORN, Contents.TORN, Contents.TORN, Contents.TORN),
                layout.parse(memory, 1).versions());
    }

    private static void flip(MemorySegment memory, long bit) {
        byte old = memory.get(ValueLayout.JAVA_BYTE, bit / 8);
        memory.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (old ^ 1 << (bit % 8)));
    }
}
