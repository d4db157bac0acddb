package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.linux.StubLibrary;
import io.pinbounce.testing.Requirements;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.Set;

/** The native loops are twins of those in Java: both write the same and find the same. */
@AddLifecycleHook(FusedProperties.NeedsTheNativeLibrary.class)
class FusedProperties {

    private static final long LAST = Long.MAX_VALUE - 100;

    /** An assumption that fails in a property is an error; this is how jqwik skips. */
    static final class NeedsTheNativeLibrary implements SkipExecutionHook {

        @Override
        public SkipResult shouldBeSkipped(LifecycleContext context) {
            if (StubLibrary.instructions() != null) {
                return SkipResult.doNotSkip();
            }
            Requirements.print(StubLibrary.reason());
            return SkipResult.skip(StubLibrary.reason());
        }
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
    void nativeLoopsWriteWhatTheJavaLoopsWrite(
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
        assertTrue(Fused.serves(context, data, natively));
        Fused.generate(context, data, natively, first, count);
        Fused.generateCopy(context, data, copy, copied, first, count);
        assertArrayEquals(bytes(inJava), bytes(natively));
        assertArrayEquals(bytes(inJava), bytes(copied));
        assertArrayEquals(bytes(data), bytes(copy));
        assertTrue(Fused.matches(context, data, natively, first, count));
    }

    @Property(tries = 1000)
    void nativeLoopsFindWhatTheJavaLoopsFind(
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

    /** Native memory in one call, and in pieces as soon as some of it is on the heap. */
    @Property(tries = 200)
    void largeRequestsInNativeAndHeapMemoryAgreeWithTheJavaLoops(
            @ForAll(supplier = Contexts.class) PiContext context,
            @ForAll long seed,
            @ForAll boolean sourceOnHeap,
            @ForAll boolean copyOnHeap,
            @ForAll boolean metadataOnHeap) {
        int count = 40 * 4096 / context.interval() + 1;
        MemorySegment inJava = random(~seed, (long) count * context.metadataSize());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = random(seed, (long) count * context.interval());
            MemorySegment copy = place(copyOnHeap, random(0, source.byteSize() + 100), arena);
            MemorySegment metadata = place(metadataOnHeap, inJava, arena);
            MemorySegment from = place(sourceOnHeap, source, arena);
            Contiguous.generate(context, source, inJava, 7, count);
            assertTrue(Fused.serves(context, from, metadata));
            Fused.generateCopy(context, from, copy, metadata, 7, count);
            assertEquals(-1, inJava.mismatch(metadata));
            assertEquals(source.byteSize(), source.mismatch(copy));
            assertTrue(Fused.matches(context, from, metadata, 7, count));
            Fused.generate(context, from, metadata, 8, count);
            Contiguous.generate(context, source, inJava, 8, count);
            assertEquals(-1, inJava.mismatch(metadata));
            long last = source.byteSize() - 1;
            from.set(ValueLayout.JAVA_BYTE, last, (byte) ~from.get(ValueLayout.JAVA_BYTE, last));
            assertFalse(Fused.matches(context, from, metadata, 8, count));
        }
    }

    private static MemorySegment place(boolean onHeap, MemorySegment content, Arena arena) {
        MemorySegment place =
                onHeap
                        ? MemorySegment.ofArray(new byte[(int) content.byteSize()])
                        : arena.allocate(content.byteSize());
        return place.copyFrom(content);
    }

    @Example
    void intervalsThatWouldHoldUpTheCollectorStayInJava() {
        PiContext context = PiContext.of(PiFormat.GUARD_16, 2 * StubLibrary.MAX_CRITICAL);
        MemorySegment heap = MemorySegment.ofArray(new byte[context.interval()]);
        MemorySegment metadata = Arena.ofAuto().allocate(8);
        assertFalse(Fused.serves(context, heap, metadata));
        assertTrue(Fused.serves(context, Arena.ofAuto().allocate(context.interval()), metadata));
    }
}
