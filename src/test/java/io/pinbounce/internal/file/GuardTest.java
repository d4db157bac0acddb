package io.pinbounce.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.internal.sidecar.Intent;
import io.pinbounce.internal.sidecar.SealRun;
import io.pinbounce.internal.sidecar.Seals;
import io.pinbounce.internal.sidecar.Seals.Digest;
import io.pinbounce.internal.sidecar.TupleStore;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.pi.PiContext;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

/** Data held against seals with digests, some intervals at a time. */
class GuardTest {

    private static final int INTERVAL = 4096;

    private static final int COUNT = 10;

    private static final long FIRST = 1000;

    /** Keeps nothing: the seals are in a sheet. */
    private record NoStore(Seals seals) implements TupleStore {

        @Override
        public void load(long first, int count, SealRun into) {}

        @Override
        public long unwritten(long first, long end) {
            return first;
        }

        @Override
        public long nextPage(long interval) {
            return interval + 1;
        }

        @Override
        public void enter(Intent intent) {}

        @Override
        public void store(long first, SealRun seals, int from, int to) {}

        @Override
        public void leave(Intent intent) {}

        @Override
        public void resized(long size, SealRun cut) {}
    }

    private final PiContext context = PiContext.t10(INTERVAL);

    private final Guard guard = new Guard(context, new NoStore(new Seals(context, Digest.CRC64)));

    private final Arena arena = Arena.ofConfined();

    private final MemorySegment data = arena.allocate((long) COUNT * INTERVAL, INTERVAL);

    private final SealRun known = new SealRun();

    @BeforeEach
    void generate() {
        Random random = new Random(Seed.value());
        for (long at = 0; at < data.byteSize(); at += Long.BYTES) {
            data.set(ValueLayout.JAVA_LONG, at, random.nextLong());
        }
        guard.generate(data, FIRST, known);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private void changeData(int index) {
        long at = (long) index * INTERVAL + 77;
        byte old = data.get(ValueLayout.JAVA_BYTE, at);
        data.set(ValueLayout.JAVA_BYTE, at, (byte) (old + 1));
    }

    /** The digest is the lower part of a seal. */
    private void changeDigest(int index) {
        known.set(index, State.PROTECTED, known.seal(index) ^ 1);
    }

    private List<String> bad() {
        return guard.verify(data, FIRST, known).stream()
                .map(bad -> bad.interval() - FIRST + " " + bad.cause().name())
                .toList();
    }

    @Test
    void nothingIsWrongWithGoodData() {
        assertEquals(List.of(), bad());
    }

    @Test
    void dataThatIsWrongInBothIsReportedOnce() {
        changeData(1);
        changeData(2);
        changeData(9);
        assertEquals(List.of("1 MISMATCH", "2 MISMATCH", "9 MISMATCH"), bad());
    }

    @Test
    void aDigestIsReportedWhereTheGuardMatches() {
        changeDigest(0);
        changeData(1);
        changeDigest(6);
        assertEquals(List.of("1 MISMATCH", "0 DIGEST", "6 DIGEST"), bad());
    }
}
