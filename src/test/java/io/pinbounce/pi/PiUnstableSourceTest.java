package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Copies whose source another thread changes all the time. */
class PiUnstableSourceTest {

    private static final PiContext CONTEXT = PiContext.t10(4096);
    private static final int SIZE = 8 * 4096;

    private final MemorySegment source = MemorySegment.ofArray(new long[SIZE / 8]);
    private final MemorySegment copy = MemorySegment.ofArray(new byte[SIZE]);
    private final MemorySegment metadata = MemorySegment.ofArray(new byte[8 * 8]);
    private final AtomicBoolean done = new AtomicBoolean();
    private final Thread scribbler = new Thread(this::scribble, "scribbler");

    private void scribble() {
        for (long value = 1; !done.get(); value++) {
            for (long at = 0; at < SIZE; at += 64) {
                source.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value * at);
            }
        }
    }

    @BeforeEach
    void start() {
        scribbler.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        done.set(true);
        scribbler.join();
    }

    @Test
    void tuplesAgreeWithTheCopy() {
        int changes = 0;
        long last = 0;
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        for (int round = 0; round < 2000 || changes < 100; round++) {
            assertTrue(System.nanoTime() < deadline, "The source hardly changes.");
            Pi.generateCopy(CONTEXT, source, copy, metadata, round);
            assertEquals(List.of(), Pi.verify(CONTEXT, copy, metadata, round));
            long now = copy.get(ValueLayout.JAVA_LONG_UNALIGNED, SIZE - 64);
            changes += now == last ? 0 : 1;
            last = now;
        }
    }

    @Test
    void tuplesOfBlocksAgreeWithTheCopy() {
        PiContext context = PiContext.of(PiFormat.GUARD_64, 4096);
        List<MemorySegment> pieces = Arrangement.cut(new byte[8 * (4096 + 16)], 1000, 4100, 9999);
        PiBlocks blocks = PiBlocks.interleaved(pieces);
        for (int round = 0; round < 1000; round++) {
            Pi.generateCopy(context, PiBlocks.dataOnly(source), blocks, round);
            assertEquals(List.of(), Pi.verify(context, blocks, round));
        }
    }

    @Test
    void canaryGuardsOfTheSourceDisagree() {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        List<PiMismatch> mismatches;
        do {
            assertTrue(System.nanoTime() < deadline, "The scribbler is never noticed.");
            Pi.generate(CONTEXT, source, metadata, 0);
            copy.copyFrom(source);
            mismatches = Pi.verify(CONTEXT, copy, metadata, 0);
        } while (mismatches.isEmpty());
        assertEquals(PiCheck.GUARD, mismatches.getFirst().first());
    }
}
