package io.pinbounce.tool.torture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Contents that tell which request they belong to: no two stamps share a word. */
final class Stamp {

    private Stamp() {}

    /** Fills memory, each word with the stamp in its upper half and its number in the lower. */
    static void put(MemorySegment memory, int stamp) {
        long words = memory.byteSize() / Long.BYTES;
        for (long i = 0; i < words; i++) {
            memory.setAtIndex(ValueLayout.JAVA_LONG, i, word(stamp, i));
        }
    }

    /** Whether memory is filled with a stamp, and nothing but it. */
    static boolean isIn(MemorySegment memory, int stamp) {
        long words = memory.byteSize() / Long.BYTES;
        for (long i = 0; i < words; i++) {
            if (memory.getAtIndex(ValueLayout.JAVA_LONG, i) != word(stamp, i)) {
                return false;
            }
        }
        return true;
    }

    private static long word(int stamp, long number) {
        return (long) stamp << 32 | number;
    }
}
