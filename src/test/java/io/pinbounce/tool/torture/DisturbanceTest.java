package io.pinbounce.tool.torture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DisturbanceTest {

    @AutoClose private final Arena arena = Arena.ofShared();

    private final MemorySegment buffer = arena.allocate(4096, 8);

    private final SplittableRandom random = new SplittableRandom(1);

    /**
     * Every word, since the last one is easily missed, and one that never changes is never torn.
     */
    @Test
    void theMutatorReachesEveryWord() {
        try (Mutator mutator = Mutator.start(buffer, random)) {
            for (long at = 0; at < buffer.byteSize(); at += Long.BYTES) {
                while (buffer.get(ValueLayout.JAVA_LONG, at) == 0) {
                    Thread.onSpinWait();
                }
            }
            assertTrue(mutator.mutations() >= buffer.byteSize() / Long.BYTES);
        }
    }

    @Test
    void theMutatorStoresWhatItCounts() {
        try (Mutator mutator = Mutator.start(buffer, random)) {
            for (int i = 0; i < 100; i++) {
                byte[] before = buffer.toArray(ValueLayout.JAVA_BYTE);
                long count = mutator.mutations();
                while (mutator.mutations() < count + 1000) {
                    Thread.onSpinWait();
                }
                assertNotEquals(-1, buffer.mismatch(MemorySegment.ofArray(before)));
            }
        }
    }

    @Test
    void theBufferDoesNotChangeAfterClosing() throws InterruptedException {
        Mutator mutator = Mutator.start(buffer, random);
        mutator.close();
        byte[] before = buffer.toArray(ValueLayout.JAVA_BYTE);
        Thread.sleep(20);
        assertArrayEquals(before, buffer.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void memsetClearsTheBufferOnceInEachOperation() {
        try (Memset memset = Memset.start(buffer, random)) {
            for (int i = 1; i <= 1000; i++) {
                memset.begin();
                memset.end();
                assertEquals(i, memset.mutations());
                assertEquals(0, buffer.get(ValueLayout.JAVA_BYTE, 0));
                assertEquals(0, buffer.get(ValueLayout.JAVA_BYTE, buffer.byteSize() - 1));
            }
        }
    }

    @Test
    void memsetClearsTheBufferWhileTheOperationIsUnderWay() {
        try (Memset memset = Memset.start(buffer, random)) {
            for (int i = 1; i <= 20; i++) {
                memset.begin();
                while (memset.mutations() < i) {
                    Thread.onSpinWait();
                }
                memset.end();
            }
        }
    }
}
