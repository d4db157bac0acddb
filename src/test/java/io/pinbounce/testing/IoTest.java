package io.pinbounce.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Base of tests that move bytes: a pool, pinned memory, and reproducible bytes to put there. After
 * each test, all of the pool must have been given back.
 */
public abstract class IoTest {

    protected final BouncePool pool;

    protected final PinnedArena arena = PinnedArena.ofShared();

    /** With a small pool, so that requests are split and slots run short. */
    protected IoTest() {
        this(new BouncePool(1 << 20, 1 << 18));
    }

    /** With a pool of the test's own, which is closed after the test. */
    protected IoTest(BouncePool pool) {
        this.pool = pool;
    }

    @AfterEach
    protected final void thePoolIsGivenBack() {
        arena.close();
        assertEquals(0, pool.inUse(), "pool bytes in use");
        pool.close();
    }

    protected static byte[] bytes(int seed, int length) {
        return bytes(new Random(seed), length);
    }

    protected static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    protected final MemorySegment pinned(byte[] bytes) {
        MemorySegment memory = arena.allocate(bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    /** Takes slots until the pool is used up; close them. */
    protected final List<BouncePool.Slot> takeAllSlots() {
        List<BouncePool.Slot> slots = new ArrayList<>();
        while (pool.inUse() < pool.capacity()) {
            slots.add(PoolSlots.acquire(pool, pool.largestSlot()));
        }
        return slots;
    }

    protected static MemorySegment heap(byte[] bytes) {
        return MemorySegment.ofArray(bytes);
    }

    /** What a file has at a position; shorter than asked for at its end. */
    protected static byte[] read(DirectFile file, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        long count = file.read(heap(bytes), position);
        return Arrays.copyOf(bytes, Math.toIntExact(count));
    }

    /** All that a file has. */
    protected static byte[] read(DirectFile file) throws IOException {
        return read(file, 0, Math.toIntExact(file.size()));
    }

    public static void assertSays(Throwable e, String text) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(text), message);
    }
}
