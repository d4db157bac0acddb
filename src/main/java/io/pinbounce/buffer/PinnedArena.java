package io.pinbounce.buffer;

import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.PinnedPages;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * An arena for direct I/O: its memory is page-aligned, resident from the start, and not shared with
 * forked children, so the kernel can move data straight to and from it.
 *
 * <pre>{@code
 * try (PinnedArena arena = PinnedArena.ofShared()) {
 *     MemorySegment block = arena.allocate(1 << 20);
 *     file.write(block, 0);
 * }
 * }</pre>
 *
 * <p><b>Granularity.</b> Every allocation takes whole pages, from 2 MiB on huge ones where the
 * kernel has some: what is pinned is then described to the device in a few large pieces. Those of
 * up to 256 KiB are cut out of slabs, each of which is mapped, and registered with a ring, as one.
 * A slab is as large as all before it together, up to 2 MiB, so an arena with little in it stays
 * small.
 *
 * <p><b>Lifetime.</b> {@link #close()} unmaps all memory. While a request is using any of it, close
 * throws {@link IllegalStateException} and nothing is unmapped; finish the requests first.
 *
 * <p><b>Threads.</b> A shared arena is used and closed by any thread, a confined one by the thread
 * that made it.
 */
public final class PinnedArena implements Arena {

    /** Bytes of a huge page of x86-64, and of aarch64 with pages of 4 KiB. */
    static final long HUGE_PAGE = 2L << 20;

    private static final int PAGES = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;

    /**
     * Advised in this order, since pages that are there already do not become huge. A kernel that
     * is too old for one ignores it: it copies the pages on fork, or makes them when they are first
     * used, as those of any memory.
     */
    private static final List<Integer> ADVICE =
            List.of(LibC.MADV_HUGEPAGE, LibC.MADV_DONTFORK, LibC.MADV_POPULATE_WRITE);

    /**
     * Larger allocations are mapped alone, so that less than this is wasted at the end of a slab.
     */
    private static final long SMALL = HUGE_PAGE / 8;

    private final LibC libc = LibC.system();

    private final Arena owner;

    private final PinnedPages pages;

    /** The slab that the next small allocations are cut from. */
    private MemorySegment slab = MemorySegment.NULL;

    /** Bytes of the slab that are taken. */
    private long taken;

    /** Bytes of all slabs. */
    private long slabs;

    private PinnedArena(Arena owner) {
        this.owner = owner;
        this.pages = PinnedPages.of(libc, owner);
    }

    /**
     * An arena that any thread may use and close.
     *
     * @return a new arena
     */
    @SuppressWarnings("MustBeClosedChecker") // closed by closing the arena that is returned
    public static PinnedArena ofShared() {
        return new PinnedArena(Arena.ofShared());
    }

    /**
     * An arena for the current thread alone.
     *
     * @return a new arena
     */
    @SuppressWarnings("MustBeClosedChecker") // closed by closing the arena that is returned
    public static PinnedArena ofConfined() {
        return new PinnedArena(Arena.ofConfined());
    }

    /**
     * Allocates zeroed memory at the start of a page.
     *
     * @param byteSize bytes, not negative
     * @param byteAlignment a power of two; up to the page size costs nothing
     * @return memory that lives as long as this arena
     * @throws IllegalArgumentException if a value is out of range
     * @throws IllegalStateException if the arena is closed
     * @throws OutOfMemoryError if the kernel has none; the message names the size and the errno
     */
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        if (byteSize < 0 || byteAlignment <= 0 || Long.bitCount(byteAlignment) != 1) {
            throw new IllegalArgumentException(
                    "an allocation needs a size of 0 or more and a power of two as alignment,"
                            + (" byteSize=" + byteSize + " byteAlignment=" + byteAlignment));
        }
        long alignment = Math.max(byteAlignment, libc.pageSize());
        if (byteSize > Long.MAX_VALUE - HUGE_PAGE - alignment) {
            throw new OutOfMemoryError("no address space is that large, byteSize=" + byteSize);
        }
        owner.allocate(0); // refuses a closed arena or a wrong thread before anything is mapped
        long length = Alignment.up(Math.max(byteSize, 1), libc.pageSize());
        boolean small = length <= SMALL && alignment <= SMALL;
        return (small ? cut(length, alignment) : map(length, alignment)).asSlice(0, byteSize);
    }

    /** Cuts whole pages out of the slab, or out of a new one. */
    private synchronized MemorySegment cut(long length, long alignment) {
        long start = Alignment.up(slab.address() + taken, alignment) - slab.address();
        if (start > slab.byteSize() - length) {
            slab = map(Math.max(length, Math.min(slabs, HUGE_PAGE)), alignment);
            slabs += slab.byteSize();
            start = 0;
        }
        taken = start + length;
        return slab.asSlice(start, length);
    }

    private MemorySegment map(long length, long alignment) {
        long start = length < HUGE_PAGE ? alignment : Math.max(alignment, HUGE_PAGE);
        return pages.map(length, start, PAGES, ADVICE, Long.MAX_VALUE);
    }

    @Override
    public MemorySegment.Scope scope() {
        return owner.scope();
    }

    /**
     * Unmaps all memory.
     *
     * @throws IllegalStateException if a request is using some of it, or the arena is closed
     *     already
     * @throws WrongThreadException if a confined arena is closed by another thread
     */
    @Override
    public void close() {
        pages.close();
    }
}
