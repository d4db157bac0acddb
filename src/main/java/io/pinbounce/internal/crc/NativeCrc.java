package io.pinbounce.internal.crc;

import io.pinbounce.internal.linux.InstructionSet;
import io.pinbounce.internal.linux.StubLibrary;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/** The native twins of all guards. */
final class NativeCrc {

    /** What is shorter costs more to call than to compute in Java. */
    private static final int MIN_LENGTH = 64;

    private static final @Nullable InstructionSet BEST = StubLibrary.instructions();

    private NativeCrc() {}

    /** Whether {@link #update} may and should be called for a range of that length. */
    static boolean serves(MemorySegment memory, long length) {
        return BEST != null && length >= MIN_LENGTH && !memory.isMapped();
    }

    /** Continues a CRC with the best instruction set. */
    static long update(
            StubLibrary.Guard guard, long seed, MemorySegment memory, long offset, long length) {
        if (BEST == null) {
            throw new IllegalStateException(StubLibrary.reason());
        }
        return update(BEST, guard, seed, memory, offset, length);
    }

    /**
     * Continues a CRC with those instructions; heap memory in pieces, not to hold up the collector.
     */
    static long update(
            InstructionSet instructions,
            StubLibrary.Guard guard,
            long seed,
            MemorySegment memory,
            long offset,
            long length) {
        long most = memory.isNative() ? Long.MAX_VALUE : StubLibrary.MAX_CRITICAL;
        long crc = seed;
        for (long done = 0; done < length; ) {
            long count = Math.min(most, length - done);
            crc = StubLibrary.crc(instructions, guard, crc, memory, offset + done, count);
            done += count;
        }
        return crc;
    }
}
