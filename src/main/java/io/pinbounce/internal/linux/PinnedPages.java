package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All pages of one arena: memory whose end the library controls, so that requests which outlive the
 * call that made them may use it. A request holds the pages; they cannot be closed while a request
 * holds them.
 *
 * <p>A segment's scope says which pages it is made of, and its bounds are compared with what was
 * mapped: a segment of another arena, or one that was reinterpreted beyond the mapping, is foreign
 * memory.
 *
 * <pre>
 *  bit 31   the pages are closed
 *  30..0    how many requests hold the pages
 * </pre>
 */
public final class PinnedPages {

    private static final int CLOSED = Integer.MIN_VALUE;

    private static final ConcurrentHashMap<MemorySegment.Scope, PinnedPages> OPEN =
            new ConcurrentHashMap<>();

    private final LibC libc;

    private final Arena owner;

    private final AtomicInteger holds = new AtomicInteger();

    private final SplittableRandom ranks = new SplittableRandom();

    /** A tree is replaced as a whole, and never changes. */
    private volatile @Nullable RegionTree regions;

    private PinnedPages(LibC libc, Arena owner) {
        this.libc = libc;
        this.owner = owner;
    }

    /**
     * Starts with no pages.
     *
     * @param libc maps and unmaps the pages
     * @param owner the arena that ends the segments when it is closed
     * @return pages, to be closed by {@link #close}
     */
    public static PinnedPages of(LibC libc, Arena owner) {
        PinnedPages pages = new PinnedPages(libc, owner);
        OPEN.put(owner.scope(), pages);
        return pages;
    }

    /**
     * The pages that a segment is made of.
     *
     * @param segment any memory
     * @return the pages, which may be closed by now; null for foreign memory
     */
    public static @Nullable PinnedPages behind(MemorySegment segment) {
        PinnedPages pages = OPEN.get(segment.scope());
        return pages != null && pages.covers(segment.address(), segment.byteSize()) ? pages : null;
    }

    /**
     * The same memory for a thread other than the caller, even if the arena is confined. The result
     * does not notice when the arena ends: hold the pages while it is in use.
     *
     * @param segment any memory
     * @return the memory of an open arena in the global scope; foreign memory unchanged
     */
    @SuppressWarnings("restricted")
    public static MemorySegment forAnyThread(MemorySegment segment) {
        if (behind(segment) == null) {
            return segment;
        }
        MemorySegment same =
                MemorySegment.ofAddress(segment.address()).reinterpret(segment.byteSize());
        return segment.isReadOnly() ? same.asReadOnly() : same;
    }

    /**
     * Maps more pages.
     *
     * @param length bytes, a multiple of the page size
     * @param alignment what the address is a multiple of, a power of two
     * @param flags {@code MAP_*}
     * @param advice {@code MADV_*}, each a hint that the kernel may refuse
     * @param piece bytes of a region, but for the last
     * @return the memory, zeroed, which ends with the owner
     * @throws OutOfMemoryError if the kernel has none; the message names the size and the errno
     */
    public MemorySegment map(
            long length, long alignment, int flags, List<Integer> advice, long piece) {
        long start = mapAligned(length, alignment, flags);
        for (int hint : advice) {
            libc.madvise(start, length, hint);
        }
        List<Region> added = cut(start, length, Math.min(piece, Region.MAX_LENGTH));
        MemorySegment memory = libc.adopt(start, length, owner, () -> added.forEach(Region::end));
        add(added);
        return memory;
    }

    private long mapAligned(long length, long alignment, int flags) {
        long slack = alignment > libc.pageSize() ? alignment : 0; // room to move up
        long mapped = Math.addExact(length, slack);
        long address = libc.mmap(mapped, LibC.PROT_READ | LibC.PROT_WRITE, flags);
        if (address < 0) {
            throw new OutOfMemoryError(
                    "mmap failed, length=" + mapped + " errno=" + Errno.describe((int) -address));
        }
        long start = (address + alignment - 1) & -alignment;
        unmap(address, start);
        unmap(start + length, address + mapped);
        return start;
    }

    private void unmap(long from, long to) {
        if (from < to) {
            libc.munmap(from, to - from);
        }
    }

    private List<Region> cut(long start, long length, long piece) {
        int count = Math.toIntExact((length + piece - 1) / piece);
        Region.Mapping mapping = new Region.Mapping(libc, start, length, new AtomicInteger(count));
        List<Region> cut = new ArrayList<>(count);
        for (long at = 0; at < length; at += piece) {
            cut.add(new Region(mapping, start + at, Math.min(piece, length - at)));
        }
        return cut;
    }

    private synchronized void add(List<Region> added) {
        RegionTree all = regions;
        for (Region region : added) {
            all = RegionTree.with(all, region, ranks.nextInt());
        }
        regions = all;
    }

    /**
     * The region that holds some memory.
     *
     * @param address where it starts
     * @param length bytes
     * @return null if it is foreign, or lies across two regions
     */
    public @Nullable Region region(long address, long length) {
        return RegionTree.find(regions, address, length);
    }

    private boolean covers(long address, long length) {
        RegionTree known = regions;
        long start = address;
        long left = length;
        Region region = RegionTree.find(known, start, 0);
        while (region != null) {
            long room = region.address() + region.length() - start;
            if (left <= room) {
                return true;
            }
            left -= room;
            start += room;
            region = RegionTree.find(known, start, 1); // none ends where the next one starts
        }
        return false;
    }

    /**
     * Keeps the pages from being closed.
     *
     * @return false if they are closed already; if true, {@link #release()} ends the hold
     */
    public boolean hold() {
        if (holds.getAndIncrement() < 0) {
            holds.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Ends a hold. */
    public void release() {
        holds.decrementAndGet();
    }

    /**
     * Ends all segments and closes the owner. The pages are unmapped at once, or when the last ring
     * has let go of them.
     *
     * @throws IllegalStateException if requests hold them, or they are closed already
     */
    public void close() {
        if (!holds.compareAndSet(0, CLOSED)) {
            int held = holds.get();
            throw new IllegalStateException(
                    held < 0
                            ? "the arena is closed already"
                            : "the arena cannot close while requests use its memory, requests="
                                    + held);
        }
        boolean closed = false;
        try {
            owner.close();
            closed = true;
        } finally {
            if (closed) {
                OPEN.remove(owner.scope());
            } else {
                holds.getAndAdd(CLOSED); // open again; failed holds may have come and gone
            }
        }
    }
}
