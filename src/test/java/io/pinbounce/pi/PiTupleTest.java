package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

class PiTupleTest {

    private static final PiContext T10 = PiContext.t10(512);

    private final byte[] bytes = new byte[9];
    private final MemorySegment memory = MemorySegment.ofArray(bytes);

    @Test
    void aTupleIsBigEndianAtAnyOffset() {
        PiTuple tuple = new PiTuple(0xEC39, 0x1234, 0x89ABCDEFL);
        tuple.write(T10, memory, 1);
        assertArrayEquals(HexFormat.of().parseHex("00ec39123489abcdef"), bytes);
        assertEquals(tuple, PiTuple.read(T10, memory, 1));
        assertEquals("guard=0xec39 appTag=0x1234 refTag=0x89abcdef", tuple.toString());
    }

    @Test
    void fieldsThatDoNotFitAreRefusedAndNothingIsWritten() {
        assertThrows(IllegalArgumentException.class, () -> new PiTuple(0, 0x10000, 0));
        assertThrows(IllegalArgumentException.class, () -> new PiTuple(0, -1, 0));
        PiTuple guard = new PiTuple(0x10000, 1, 1);
        assertThrows(IllegalArgumentException.class, () -> guard.write(T10, memory, 0));
        PiTuple refTag = new PiTuple(1, 1, 0x1_0000_0000L);
        String message =
                assertThrows(IllegalArgumentException.class, () -> refTag.write(T10, memory, 0))
                        .getMessage();
        assertEquals(
                "The tuple does not fit the format; guard, storage tag and reference tag must be at"
                        + " most 0xffff, 0x0 and 0xffffffff, format=GUARD_16 guard=0x1 appTag=0x1"
                        + " refTag=0x100000000",
                message);
        PiTuple tuple = new PiTuple(1, 1, 1);
        assertThrows(IndexOutOfBoundsException.class, () -> tuple.write(T10, memory, 2));
        assertThrows(
                IllegalArgumentException.class, () -> tuple.write(T10, memory.asReadOnly(), 0));
        assertArrayEquals(new byte[9], bytes);
    }

    @Test
    void aMismatchShowsTheExpectedAndTheFoundTuple() {
        PiMismatch mismatch =
                new PiMismatch(
                        7,
                        EnumSet.of(PiCheck.REF_TAG, PiCheck.APP_TAG),
                        new PiTuple(1, 2, 7),
                        new PiTuple(1, 3, 8));
        assertEquals(PiCheck.APP_TAG, mismatch.first());
        assertEquals(
                "interval=7 failing=[APP_TAG, REF_TAG]"
                        + " expected=(guard=0x1 appTag=0x2 refTag=0x7)"
                        + " found=(guard=0x1 appTag=0x3 refTag=0x8)",
                mismatch.toString());
        PiTuple tuple = new PiTuple(0, 0, 0);
        assertThrows(
                IllegalArgumentException.class, () -> new PiMismatch(0, Set.of(), tuple, tuple));
    }
}
