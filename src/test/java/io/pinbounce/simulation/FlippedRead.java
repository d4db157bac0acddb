package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.BadInterval.Cause;
import io.pinbounce.DirectFile;
import io.pinbounce.ProtectionException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads all of a file, and tells every bad interval from those that are as they should be. */
final class FlippedRead {

    private static final int INTERVAL = FlipDisk.INTERVAL;

    private final DirectFile file;

    private final byte[] expected;

    /** Why intervals are refused, by their number. */
    final SortedMap<Long, Cause> bad = new TreeMap<>();

    FlippedRead(DirectFile file, byte[] expected) throws IOException {
        this.file = file;
        this.expected = expected;
        read(0, FlipDisk.INTERVALS);
        assertEquals(0, file.counts().unverifiedIntervals());
    }

    private void read(int from, int to) throws IOException {
        byte[] bytes = new byte[(to - from) * INTERVAL];
        try {
            long count = file.read(MemorySegment.ofArray(bytes), (long) from * INTERVAL);
            assertEquals(bytes.length, count);
        } catch (ProtectionException e) {
            if (to - from == 1) {
                bad.put((long) from, e.intervals().getFirst().cause());
                assertEquals(1, e.intervals().size());
                assertEquals(from, e.intervals().getFirst().interval());
                return;
            }
            int middle = (from + to) / 2;
            read(from, middle);
            read(middle, to);
            return;
        }
        byte[] right = Arrays.copyOfRange(expected, from * INTERVAL, to * INTERVAL);
        assertArrayEquals(right, bytes, "wrong data without an error");
    }
}
