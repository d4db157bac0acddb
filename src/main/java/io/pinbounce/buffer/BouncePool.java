package io.pinbounce.buffer;

import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.PinnedPages;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded stock of aligned memory that data bounces through: private to one request at a time,
 * and never the caller's.
 *
 * <p>One mapping, advised to use huge pages and never populated before use, is divided by a buddy
 * allocator: a slot is a power of two in size, from {@value #MIN_SLOT} bytes up to {@link
 * #largestSlot()}, and starts at a multiple of its size. The smallest free block that will do goes
 * first, of several the lowest, so a lightly used pool keeps reusing the same, warm memory. Memory
 * in a slot is whatever the last user left there.
 *
 * <p><b>Waiting.</b> When there is no room, it is given out in order of arrival, so small requests
 * cannot starve a large one. A request that holds memory never asks for more, so waiting always
 * ends.
 *
 * <p><b>Threads.</b> Everything here is for any thread. <b>Lifetime.</b> {@link #close()} unmaps
 * the memory, and refuses while slots are out.
 */
public final class BouncePool implements AutoCloseable {

    /** Bytes of the smallest slot. */
    public static final int MIN_SLOT = 4096;

    /** Bytes of the largest slot unless told otherwise: what the kernel's own bouncing uses. */
    public static final int DEFAULT_MAX_SLOT = 1 << 20;

    private static final int PAGES = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;

    /** A kernel without huge pages may refuse the first. */
    private static final List<Integer> ADVICE = List.of(LibC.MADV_HUGEPAGE, LibC.MADV_DONTFORK);

    /** Rings register it in pieces as large as the largest slot, those that are used. */
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
     * The pool that files use when their options name none: 64 MiB of address space, of which only
     * what was ever needed at once is touched.
     *
     * @return the one pool of the process; it is never closed
     */
    public static BouncePool shared() {
        return Shared.POOL;
    }

    /**
     * Makes a slot without memory, to be filled and emptied again and again.
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
     * @return 0 when nothing is in flight
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

    /** Gives out what there is, the first who waits first. */
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
     * A place for memory that one request owns for a while. It is used by one thread at a time, but
     * for the memory that others may give it while it waits.
     */
    public final class Slot implements AutoCloseable {

        private int order = -1;

        private int block = -1;

        private Runnable waiter = () -> {};

        private boolean waits;

        private volatile @Nullable MemorySegment filled;

        private Slot() {}

        /**
         * Takes memory, or gets in line for it. Memory that is there and large enough is kept; if
         * it is too small, it is given back first.
         *
         * @param bytes how much is needed, 1 to {@link BouncePool#largestSlot()}
         * @param waiter is told when there is some after all: ask again then. It runs in the thread
         *     that gives memory back, inside the pool's lock: it must not block
         * @return whether there is memory now
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
         * @throws IllegalStateException if there is none
         */
        public MemorySegment memory() {
            MemorySegment there = filled;
            if (there == null) {
                throw new IllegalStateException("the slot has no memory");
            }
            return there;
        }

        /**
         * Whose slot this is.
         *
         * @param pool some pool
         * @return whether the slot's memory comes from there
         */
        public boolean isOf(BouncePool pool) {
            return pool == BouncePool.this;
        }

        /** Gives the memory back, or gets out of the line. Closing again does nothing. */
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
