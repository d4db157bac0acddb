package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.linux.StubLibrary;
import io.pinbounce.testing.Requirements;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.BeforeProperty;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.Set;

/** The native loops and those in Java are twins: what one writes, so does the other. */
class FusedProperties {

    private static final long LAST = Long.MAX_VALUE - 100;

    @BeforeProperty
    void needsTheNativeLibrary() {
        Requirements.orSkip(StubLibrary.kernel() != null, StubLibrary.reason());
    }

    private static MemorySegment random(long seed, long bytes) {
        byte[] array = new byte[Math.toIntExact(bytes)];
        new Random(seed).nextBytes(array);
        return MemorySegment.ofArray(array);
    }

    private static byte[] bytes(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    @Property(tries = 300)
    void bothWriteTheSame(
            @ForAll(supplier = Contexts.class) PiContext any,
            @ForAll Set<PiCheck> checks,
            @ForAll long seed,
            @ForAll @IntRange(max = 5) int count,
            @ForAll @LongRange(max = LAST) long first) {
        PiContext context = any.toBuilder().checks(checks).build();
        MemorySegment data = random(seed, (long) count * context.interval());
        MemorySegment inJava = random(~seed, (long) count * context.metadataSize());
        MemorySegment natively = MemorySegment.ofArray(bytes(inJava));
        MemorySegment copied = MemorySegment.ofArray(bytes(inJava));
        MemorySegment copy = MemorySegment.ofArray(new byte[(int) data.byteSize()]);
        Contiguous.generate(context, data, inJava, first, count);
        assertTrue(Fused.serves(data, natively));
        Fused.generate(context, data, natively, first, count);
        Fused.generateCopy(context, data, copy, copied, first, count);
        assertArrayEquals(bytes(inJava), bytes(natively));
        assertArrayEquals(bytes(inJava), bytes(copied));
        assertArrayEquals(bytes(data), bytes(copy));
        assertTrue(Fused.matches(context, data, natively, first, count));
    }

    @Property(tries = 1000)
    void bothFindTheSame(
            @ForAll(supplier = Contexts.class) PiContext any,
            @ForAll Set<PiCheck> checks,
            @ForAll long seed,
            @ForAll @LongRange(max = LAST) long first,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int anyByte,
            @ForAll @IntRange(min = 1, max = 255) int flips,
            @ForAll boolean escaped) {
        PiContext context = any.toBuilder().checks(checks).build();
        int count = 3;
        MemorySegment data = random(seed, (long) count * context.interval());
        MemorySegment metadata = random(~seed, (long) count * context.metadataSize());
        Contiguous.generate(context, data, metadata, first, count);
        if (escaped) {
            new PiTuple(0, PiTuple.ESCAPE_APP_TAG, 0, context.refTagMask())
                    .write(context, metadata, context.metadataSize() + context.tupleOffset());
        }
        MemorySegment damaged = anyByte % 2 == 0 ? data : metadata;
        long at = anyByte % damaged.byteSize();
        byte old = damaged.get(ValueLayout.JAVA_BYTE, at);
        damaged.set(ValueLayout.JAVA_BYTE, at, (byte) (old ^ flips));
        boolean clean = Contiguous.verify(context, data, metadata, first, count).isEmpty();
        assertEquals(clean, Fused.matches(context, data, metadata, first, count));
    }

    @Property(tries = 20)
    void largeRequestsGoInOneCall(
            @ForAll(supplier = Contexts.class) PiContext context, @ForAll long seed) {
        int count = 40;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate((long) count * context.interval());
            data.copyFrom(random(seed, data.byteSize()));
            MemorySegment metadata = arena.allocate((long) count * context.metadataSize());
            assertTrue(Fused.serves(data, metadata));
            Pi.generate(context, data, metadata, 7);
            assertEquals(0, Contiguous.verify(context, data, metadata, 7, count).size());
            MemorySegment large = MemorySegment.ofArray(new byte[1 << 20]);
            assertFalse(Fused.serves(large, metadata)); // it would hold up the collector
        }
    }
}
