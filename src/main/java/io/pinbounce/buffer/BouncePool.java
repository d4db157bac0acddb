package io.pinbounce.buffer;

import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.NativeAccess;
import io.pinbounce.internal.linux.PinnedPages;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded amount of aligned memory that data bounces through. A slot of it belongs to one request
 * at a time, never to the caller.
 *
 * <p>One mapping, advised to use huge pages and never populated before use, is divided by a buddy
 * allocator: a slot is a power of two in size, from {@value #MIN_SLOT} bytes up to {@link
 * #largestSlot()}, and starts at a multiple of its size. A request gets the smallest free block
 * that is large enough, of several the lowest, so a lightly used pool reuses the same, warm memory.
 * A slot still contains the bytes of its last user.
 *
 * <p><b>Waiting.</b> When the pool is full, requests get memory in order of arrival, so small ones
 * cannot starve a large one. A request that holds memory never asks for more, so waiting always
 * ends.
 *
 * <p><b>Threads.</b> Everything here is for any thread. <b>Lifetime.</b> {@link #close()} unmaps
 * the memory, and throws while slots are out.
 */
public final class BouncePool implements AutoCloseable {

    /** Bytes of the smallest slot. */
    public static final int MIN_SLOT = 4096;

    /** Bytes of the largest slot unless told otherwise: what the kernel's own bouncing uses. */
    public static final int DEFAULT_MAX_SLOT = 1 << 20;

    private static final int PAGES = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;

    /** A kernel without huge pages refuses the first. */
    private static final List<Integer> ADVICE = List.of(LibC.MADV_HUGEPAGE, LibC.MADV_DONTFORK);

    /** Rings register it in pieces as large as the largest slot, and only those that they use. */
    private final PinnedPages pages = PinnedPages.of(LibC.system(), Arena.ofShared());

    private final MemorySegment memory;

    /** Says which blocks are free; its unit is the smallest slot. */
    private final BuddyAllocator allocator;

    /** For each order and block, its memory from the first use on: later ones make no object. */
    private final MemorySegment[][] blocks;

    private final ReentrantLock lock = new ReentrantLock();

    /** Slots that wait, in order of arrival. */
    private final ArrayDeque<Slot> waiting = new ArrayDeque<>();

    private boolean closed;

    /**
     * Makes a pool.
     *
     * @param capacity bytes in all; a positive multiple of {@code largestSlot}
     * @param largestSlot bytes of the largest slot, a power of two from {@value #MIN_SLOT} on
     * @throws IllegalArgumentException if a value is out of range
     * @throws OutOfMemoryError if the kernel has no room for the mapping
     */
    public BouncePool(long capacity, int largestSlot) {
        if (largestSlot < MIN_SLOT || Integer.bitCount(largestSlot) != 1) {
            throw new IllegalArgumentException(
                    "the largest slot is a power of two from "
                            + MIN_SLOT
                            + " on, largestSlot="
                            + largestSlot);
        }
        if (capacity <= 0 || !Alignment.isAligned(capacity, largestSlot)) {
            throw new IllegalArgumentException(
                    "the capacity is a positive multiple of the largest slot, capacity="
                            + (capacity + " largestSlot=" + largestSlot));
        }
        memory = pages.map(capacity, PinnedArena.HUGE_PAGE, PAGES, ADVICE, largestSlot);
        int orders = Integer.numberOfTrailingZeros(largestSlot / MIN_SLOT) + 1;
        allocator = new BuddyAllocator(Math.toIntExact(capacity / largestSlot), orders);
        blocks = new MemorySegment[orders][];
        for (int order = 0; order < orders; order++) {
            blocks[order] = new MemorySegment[Math.toIntExact(capacity / size(order))];
        }
    }

    /**
     * The pool of files whose options name none: 64 MiB of address space, of which only as much is
     * resident as was ever needed at once.
     *
     * @return the one pool of the process; it is never closed
     */
    public static BouncePool shared() {
        NativeAccess.require();
        return Shared.POOL;
    }

    /**
     * Makes a slot without memory, which can take memory and give it back again and again.
     *
     * @return a slot of this pool
     */
    public Slot slot() {
        return new Slot();
    }

    /**
     * Bytes of the largest slot; longer requests are split.
     *
     * @return a power of two
     */
    public int largestSlot() {
        return (int) size(blocks.length - 1);
    }

    /**
     * Bytes in all.
     *
     * @return the capacity that the pool was made with
     */
    public long capacity() {
        return memory.byteSize();
    }

    /**
     * Bytes in slots that are out now.
     *
     * @return 0 when no slot has memory
     */
    public long inUse() {
        lock.lock();
        try {
            return bytesOut();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Unmaps the memory. Closing again does nothing.
     *
     * @throws IllegalStateException if slots are out; the pool stays open
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (bytesOut() != 0) {
                throw new IllegalStateException(
                        "the pool cannot close while requests use it, inUse=" + bytesOut());
            }
            if (!closed) {
                closed = true;
                pages.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private long bytesOut() {
        return allocator.used() * MIN_SLOT;
    }

    /** Gives memory to waiting slots in order of arrival, until the first of them does not fit. */
    private void serve() {
        Slot first = waiting.peek();
        while (first != null && first.fill()) {
            waiting.remove();
            first.waiter.run();
            first = waiting.peek();
        }
    }

    private MemorySegment memory(int order, int block) {
        MemorySegment known = blocks[order][block];
        if (known == null) {
            known = memory.asSlice(block * size(order), size(order));
            blocks[order][block] = known;
        }
        return known;
    }

    private static long size(int order) {
        return (long) MIN_SLOT << order;
    }

    private static int order(long bytes) {
        int order = 0;
        while (size(order) < bytes) {
            order++;
        }
        return order;
    }

    /**
     * A place for memory that one request owns for a while. One thread at a time uses it; while it
     * waits, any thread that gives memory back may fill it.
     */
    public final class Slot implements AutoCloseable {

        private int order = -1;

        private int block = -1;

        private Runnable waiter = () -> {};

        private boolean waits;

        private volatile @Nullable MemorySegment filled;

        private Slot() {}

        /**
         * Takes memory, or waits in line for it. Memory that the slot already has is kept if it is
         * large enough, and given back first if it is not.
         *
         * @param bytes how much is needed, 1 to {@link BouncePool#largestSlot()}
         * @param waiter runs once the slot has memory after a wait; call this method again then. It
         *     runs in the thread that gives memory back, under the pool's lock, and must not block
         * @return whether the slot has memory now
         * @throws IllegalArgumentException if no slot can be that large
         * @throws IllegalStateException if the pool is closed
         */
        public boolean take(long bytes, Runnable waiter) {
            if (bytes <= 0 || bytes > largestSlot()) {
                throw new IllegalArgumentException(
                        "a slot has 1 to " + largestSlot() + " bytes, bytes=" + bytes);
            }
            MemorySegment there = filled;
            if (there != null && there.byteSize() >= bytes) {
                return true;
            }
            lock.lock();
            try {
                if (closed) {
                    throw new IllegalStateException("the pool is closed");
                }
                if (waits) {
                    return false;
                }
                empty();
                order = order(bytes);
                this.waiter = waiter;
                if (!waiting.isEmpty() || !fill()) {
                    waits = true;
                    waiting.add(this);
                }
                return !waits;
            } finally {
                lock.unlock();
            }
        }

        /**
         * The slot's memory.
         *
         * @return at least as many bytes as were asked for; not to be used after {@link #close()}
         * @throws IllegalStateException if the slot has none
         */
        public MemorySegment memory() {
            MemorySegment there = filled;
            if (there == null) {
                throw new IllegalStateException("the slot has no memory");
            }
            return there;
        }

        /**
         * Whether this slot belongs to a pool.
         *
         * @param pool any pool
         * @return whether the slot's memory comes from that pool
         */
        public boolean isOf(BouncePool pool) {
            return pool == BouncePool.this;
        }

        /** Gives the memory back, or leaves the line. Closing again does nothing. */
        @Override
        public void close() {
            if (filled == null && order < 0) {
                return;
            }
            lock.lock();
            try {
                if (waits) {
                    waits = false;
                    waiting.remove(this);
                    serve(); // a smaller one behind may fit
                }
                empty();
            } finally {
                lock.unlock();
            }
        }

        private boolean fill() {
            block = allocator.take(order);
            if (block < 0) {
                return false;
            }
            waits = false;
            filled = BouncePool.this.memory(order, block);
            return true;
        }

        private void empty() {
            if (filled != null) {
                filled = null;
                allocator.giveBack(order, block);
                serve();
            }
            order = -1;
        }
    }

    /** Made on first use. */
    private static final class Shared {

        static final BouncePool POOL = new BouncePool(64L << 20, DEFAULT_MAX_SLOT);

        private Shared() {}
    }
}
