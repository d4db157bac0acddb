package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.crc.Allocation;
import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.Submission;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;

/** Transfers through a ring, counted in allocated bytes. */
class RingAllocationTest {

    private static final int BLOCK = 4096;

    private static final int WARM = 50_000;

    private static final int MAX_ROUNDS = 20;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aTransferAllocatesNothing(int pieces) throws Exception {
        try (RingFixture ring = RingFixture.open(8);
                PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(8 * BLOCK);
            Completions completions = new Completions(8);
            Submission submission = new Submission();
            Runnable transfer =
                    () -> {
                        // A read at the end of the file is as much work for the ring, and none for
                        // the disk.
                        submission.prep(Submission.Op.READ, ring.file(), RingFixture.SIZE);
                        for (int i = 0; i < pieces; i++) {
                            submission.add(memory, (long) i * BLOCK, BLOCK);
                        }
                        ring.ring().prep(0, submission);
                        ring.ring().enter(1, 1_000_000_000L);
                        completions.clear();
                        ring.ring().drain(completions);
                    };
            long allocated = Allocation.perRun(transfer);
            // The JIT compiler works concurrently; allocations end once it has compiled the whole
            // path.
            for (int round = 0; round < MAX_ROUNDS && allocated > 0; round++) {
                for (int i = 0; i < WARM; i++) {
                    transfer.run();
                }
                allocated = Allocation.perRun(transfer);
            }
            assertEquals(0, allocated);
            long[][] kept = new long[1][];
            Runnable canary =
                    () -> {
                        transfer.run();
                        kept[0] = new long[1];
                    };
            assertTrue(Allocation.perRun(canary) >= Long.BYTES);
        }
    }
}
