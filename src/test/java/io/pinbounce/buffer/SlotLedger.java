package io.pinbounce.buffer;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/** Which memory is out, kept apart from the pool: two users of one byte are found out. */
final class SlotLedger {

    /** From first address to the address behind the last. */
    private final TreeMap<Long, Long> out = new TreeMap<>();

    synchronized void take(MemorySegment memory) {
        long start = memory.address();
        long end = start + memory.byteSize();
        Map.Entry<Long, Long> before = out.lowerEntry(end);
        if (before != null && before.getValue() > start) {
            throw new AssertionError(
                    "two slots overlap, first=" + before + " second=" + start + "=" + end);
        }
        out.put(start, end);
    }

    synchronized void giveBack(MemorySegment memory) {
        if (out.remove(memory.address()) == null) {
            throw new AssertionError("was not out, memory=" + memory);
        }
    }

    synchronized boolean isEmpty() {
        return out.isEmpty();
    }
}
