package io.pinbounce.buffer;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/** Records which memory is out, independently of the pool, and finds two users of one byte. */
final class SlotLedger {

    /** Maps the first address of a slot to the address after its last. */
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
