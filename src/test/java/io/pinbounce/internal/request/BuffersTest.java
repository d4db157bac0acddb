package io.pinbounce.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class BuffersTest {

    private static final int BLOCK = 4096;

    private final Buffers buffers = new Buffers();

    @Test
    void partsOfARunAreWholeSegmentsWhereTheyCan() {
        MemorySegment first = MemorySegment.ofArray(new byte[BLOCK]);
        MemorySegment second = MemorySegment.ofArray(new byte[2 * BLOCK]);
        buffers.set(List.of(first, second));
        assertEquals(2, buffers.slice(0, 2 * BLOCK));
        assertSame(first, buffers.nextPart());
        assertEquals(BLOCK, buffers.nextPart().byteSize());
        assertEquals(1, buffers.slice(BLOCK, 2 * BLOCK));
        assertSame(second, buffers.nextPart());
    }

    @Test
    void emptySegmentsArePassedOverHoweverManyThereAre() {
        MemorySegment block = MemorySegment.ofArray(new byte[BLOCK]);
        List<MemorySegment> memory = new ArrayList<>();
        memory.add(block);
        memory.addAll(Collections.nCopies(100_000, block.asSlice(0, 0)));
        memory.add(block);
        buffers.set(memory);
        assertEquals(2, buffers.slice(0, 2 * BLOCK));
        assertSame(block, buffers.nextPart());
        assertSame(block, buffers.nextPart());
    }
}
