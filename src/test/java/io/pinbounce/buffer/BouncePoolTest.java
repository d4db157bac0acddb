package io.pinbounce.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Background;
import io.pinbounce.testing.PoolSlots;
import io.pinbounce.testing.ProcessMemory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class BouncePoolTest {

    private static final int MAX_SLOT = 16 << 10;

    private final BouncePool pool = new BouncePool(MAX_SLOT, MAX_SLOT);

    @AfterEach
    void allSlotsCameBack() {
        pool.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4096",
        "-4096, 4096",
        "4097, 4096",
        "8192, 2048",
        "8192, 0",
        "8192, -4096",
        "12288, 12288",
        "8192, 16384"
    })
    void anInvalidCapacityOrSlotSizeIsRefused(long capacity, int largestSlot) {
        IllegalArgumentException refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new BouncePool(capacity, largestSlot));
        assertTrue(refusal.toString().contains("largestSlot=" + largestSlot));
    }

    @Test
    void moreThanTheMachineHasIsOutOfMemory() {
        OutOfMemoryError refusal =
                assertThrows(OutOfMemoryError.class, () -> new BouncePool(1L << 60, MAX_SLOT));
        assertTrue(refusal.toString().contains("ENOMEM"), refusal.toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, MAX_SLOT + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void aRequestBeyondTheSlotSizesIsRefused(long bytes) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> PoolSlots.acquire(pool, bytes));
        assertTrue(refusal.toString().endsWith("bytes=" + bytes), refusal.toString());
    }

    @Test
    void thePoolReportsItsCapacityAndItsLargestSlot() {
        try (BouncePool larger = new BouncePool(4 * MAX_SLOT, MAX_SLOT)) {
            assertEquals(4 * MAX_SLOT, larger.capacity());
            assertEquals(MAX_SLOT, larger.largestSlot());
        }
    }

    @Test
    void thereIsOneSharedPoolWithTheDefaultLargestSlot() {
        assertSame(BouncePool.shared(), BouncePool.shared());
        assertEquals(BouncePool.DEFAULT_MAX_SLOT, BouncePool.shared().largestSlot());
        try (BouncePool.Slot slot = PoolSlots.acquire(BouncePool.shared(), 1)) {
            assertEquals(BouncePool.MIN_SLOT, slot.memory().byteSize());
        }
    }

    @Test
    void aSlotThatIsClosedTwiceGivesItsMemoryBackOnce() {
        BouncePool.Slot first = PoolSlots.acquire(pool, MAX_SLOT);
        first.close();
        try (BouncePool.Slot second = PoolSlots.acquire(pool, MAX_SLOT)) {
            first.close();
            assertEquals(MAX_SLOT, pool.inUse());
            assertEquals(MAX_SLOT, second.memory().byteSize());
        }
    }

    @Test
    void aPoolWithNoSlotsOutHandsOutTheSameMemoryAgain() {
        long address;
        try (BouncePool.Slot slot = PoolSlots.acquire(pool, 100)) {
            address = slot.memory().address();
        }
        try (BouncePool.Slot slot = PoolSlots.acquire(pool, 5000)) {
            assertEquals(address, slot.memory().address());
        }
    }

    @Test
    void aRequestOfAFullPoolWaitsUntilASlotIsClosed() throws Exception {
        BouncePool.Slot all = PoolSlots.acquire(pool, MAX_SLOT);
        Background<Long> waiter = inBackground(1).awaitWaitingIn("acquire");
        all.close();
        assertEquals(BouncePool.MIN_SLOT, waiter.result());
    }

    @Test
    void aLargeRequestIsNotStarvedBySmallOnes() throws Exception {
        BouncePool.Slot inTheWay = PoolSlots.acquire(pool, 1);
        Background<BouncePool.Slot> large =
                Background.call(() -> PoolSlots.acquire(pool, MAX_SLOT)).awaitWaitingIn("acquire");
        // There is room for it, but the large request was here first.
        Background<Long> small = inBackground(1).awaitWaitingIn("acquire");
        inTheWay.close();
        BouncePool.Slot granted = large.result();
        assertEquals(MAX_SLOT, granted.memory().byteSize());
        assertFalse(small.isDone());
        granted.close();
        assertEquals(BouncePool.MIN_SLOT, small.result());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anInterruptNeitherEndsTheWaitNorGetsLost(int place) throws Exception {
        BouncePool.Slot all = PoolSlots.acquire(pool, MAX_SLOT);
        Background<Boolean> last = interruptible().awaitWaitingIn("acquire");
        Background<Boolean> first = last;
        if (place == 2) { // the second waits for its turn, the first for memory
            last = interruptible().awaitWaitingIn("acquire");
        }
        last.interrupt();
        Thread.sleep(50);
        assertFalse(last.isDone(), "the wait goes on");
        all.close();
        assertTrue(last.result(), "the status is kept");
        assertEquals(place == 1, first.result());
    }

    @Test
    void closingIsRefusedWhileASlotIsOut() {
        BouncePool.Slot slot = PoolSlots.acquire(pool, 1);
        IllegalStateException refusal = assertThrows(IllegalStateException.class, pool::close);
        assertTrue(refusal.toString().endsWith("inUse=4096"), refusal.toString());
        slot.memory().fill((byte) 1);
        slot.close();
    }

    @Test
    void closingUnmapsTheMemoryAndRefusesRequests() throws Exception {
        BouncePool large = new BouncePool(64L << 20, 1 << 20);
        MemorySegment memory;
        try (BouncePool.Slot slot = PoolSlots.acquire(large, 1 << 20)) {
            memory = slot.memory();
            assertTrue(ProcessMemory.isMapped(memory.address(), 64L << 20));
        }
        large.close();
        large.close();
        assertFalse(ProcessMemory.isMapped(memory.address(), 64L << 20));
        assertThrows(IllegalStateException.class, () -> PoolSlots.acquire(large, 1));
        assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void nothingIsTouchedBeforeItIsUsed() throws Exception {
        try (BouncePool large = new BouncePool(64L << 20, 1 << 20);
                BouncePool.Slot slot = PoolSlots.acquire(large, 1 << 20)) {
            assertFalse(ProcessMemory.isResident(slot.memory()));
            assertTrue(ProcessMemory.flags(slot.memory().address()).contains("dc"), "not forked");
        }
    }

    private Background<Long> inBackground(long bytes) {
        return Background.call(
                () -> {
                    try (BouncePool.Slot slot = PoolSlots.acquire(pool, bytes)) {
                        return slot.memory().byteSize();
                    }
                });
    }

    /** Takes all memory and returns whether its thread is marked as interrupted then. */
    private Background<Boolean> interruptible() {
        return Background.call(
                () -> {
                    try (BouncePool.Slot _ = PoolSlots.acquire(pool, MAX_SLOT)) {
                        return Thread.currentThread().isInterrupted();
                    }
                });
    }
}
