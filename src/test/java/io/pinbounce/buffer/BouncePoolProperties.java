package io.pinbounce.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Background;
import io.pinbounce.testing.PoolSlots;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

class BouncePoolProperties {

    static final int MAX_SLOT = 64 << 10;

    private static final int BLOCKS = 24;

    private static final int THREADS = 4;

    /**
     * Random requests of one thread: slots do not overlap, have the right size, and all memory
     * returns. Each slot lies within one block of the largest size, so one slot less than there are
     * blocks always leaves room for any size.
     */
    @Property(tries = 200)
    void slotsDoNotOverlapAndAllMemoryComesBack(
            @ForAll @Size(max = 100) List<@IntRange(min = 1, max = MAX_SLOT) Integer> sizes,
            @ForAll Random random) {
        SlotLedger ledger = new SlotLedger();
        List<BouncePool.Slot> out = new ArrayList<>();
        try (BouncePool pool = new BouncePool(BLOCKS * MAX_SLOT, MAX_SLOT)) {
            for (int size : sizes) {
                int slotSize = Math.max(BouncePool.MIN_SLOT, powerOfTwoFrom(size));
                if (out.size() == BLOCKS - 1 || (!out.isEmpty() && random.nextInt(3) == 0)) {
                    giveBack(out.remove(random.nextInt(out.size())), ledger);
                }
                long before = pool.inUse();
                BouncePool.Slot slot = PoolSlots.acquire(pool, size);
                ledger.take(slot.memory());
                out.add(slot);
                assertEquals(slotSize, slot.memory().byteSize());
                assertTrue(Alignment.isAligned(slot.memory().address(), slotSize));
                assertEquals(before + slotSize, pool.inUse());
            }
            out.forEach(slot -> giveBack(slot, ledger));
            assertEquals(0, pool.inUse());
            assertAllJoined(pool);
        }
    }

    /** Several threads: the pool is smaller than what they want, so they also wait. */
    @Property(tries = 6)
    void threadsNeverShareMemory(@ForAll long seed) throws Exception {
        SlotLedger ledger = new SlotLedger();
        try (BouncePool pool = new BouncePool(2 * MAX_SLOT, MAX_SLOT)) {
            List<Background<Boolean>> users = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed + i);
                users.add(Background.call(() -> use(pool, ledger, random)));
            }
            for (Background<Boolean> user : users) {
                assertTrue(user.result());
            }
            assertTrue(ledger.isEmpty());
            assertEquals(0, pool.inUse());
            assertAllJoined(pool);
        }
    }

    @Example
    void canaryAnOverlapIsFound() {
        MemorySegment memory = MemorySegment.ofAddress(1 << 20).reinterpret(8192);
        SlotLedger ledger = new SlotLedger();
        ledger.take(memory.asSlice(0, 4096));
        ledger.take(memory.asSlice(4096, 4096));
        assertThrows(AssertionError.class, () -> ledger.take(memory.asSlice(4095, 1)));
        assertThrows(AssertionError.class, () -> ledger.take(memory));
        ledger.giveBack(memory.asSlice(0, 4096));
        assertThrows(AssertionError.class, () -> ledger.giveBack(memory.asSlice(0, 4096)));
    }

    private static boolean use(BouncePool pool, SlotLedger ledger, Random random) {
        for (int i = 0; i < 400; i++) {
            long bytes = 1L + random.nextInt(random.nextInt(10) == 0 ? MAX_SLOT : 16 << 10);
            BouncePool.Slot slot = PoolSlots.acquire(pool, bytes);
            ledger.take(slot.memory());
            byte mark = (byte) random.nextInt();
            slot.memory().fill(mark);
            LockSupport.parkNanos(1); // lets other threads run in between
            assertEquals(mark, slot.memory().get(ValueLayout.JAVA_BYTE, bytes - 1));
            giveBack(slot, ledger);
        }
        return true;
    }

    private static void giveBack(BouncePool.Slot slot, SlotLedger ledger) {
        ledger.giveBack(slot.memory());
        slot.close();
    }

    /** Only a pool whose buddies were all joined again can hand out its largest slots. */
    private static void assertAllJoined(BouncePool pool) {
        List<BouncePool.Slot> all = new ArrayList<>();
        for (long at = 0; at < pool.capacity(); at += pool.largestSlot()) {
            all.add(PoolSlots.acquire(pool, pool.largestSlot()));
        }
        assertEquals(pool.capacity(), pool.inUse());
        all.forEach(BouncePool.Slot::close);
    }

    private static int powerOfTwoFrom(int size) {
        return size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    }
}
