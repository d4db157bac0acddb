package io.pinbounce.tool.torture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Contents that tell which request they belong to: no two requests share a word. */
final class RequestContents {

    private RequestContents() {}

    /** Fills memory, each word with the request's number in its upper half and its own below. */
    static void fill(MemorySegment memory, int request) {
        long words = memory.byteSize() / Long.BYTES;
        for (long i = 0; i < words; i++) {
            memory.setAtIndex(ValueLayout.JAVA_LONG, i, word(request, i));
        }
    }

    /** Whether memory holds the contents of one request, and nothing else. */
    static boolean areIn(MemorySegment memory, int request) {
        long words = memory.byteSize() / Long.BYTES;
        for (long i = 0; i < words; i++) {
            if (memory.getAtIndex(ValueLayout.JAVA_LONG, i) != word(request, i)) {
                return false;
            }
        }
        return true;
    }

    private static long word(int request, long index) {
        return (long) request << 32 | index;
    }
}
