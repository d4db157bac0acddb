package io.pinbounce.buffer;

/**
 * Divides a row of large blocks into smaller ones: a block of order k is 2^k units long and starts
 * at a multiple of its length. The two halves of a block are buddies, and are joined again as soon
 * as both are free.
 *
 * <pre>
 * order 2   [       block 0       ][       block 1       ]
 * order 1   [ block 0 ][ block 1  ][ block 2 ][ block 3  ]
 * order 0   [ 0 ][ 1 ] [ 2 ][ 3 ]  [ 4 ][ 5 ] [ 6 ][ 7 ]
 * </pre>
 *
 * <p>Taking a block and giving it back cost a few words for each order, however many blocks are
 * out. For one thread at a time.
 */
final class BuddyAllocator {

    /** For each order, which blocks are free. */
    private final FreeBlocks[] free;

    private long used;

    /**
     * Makes an allocator whose blocks are all free.
     *
     * @param largest how many blocks of the highest order there are
     * @param orders how many orders there are
     */
    BuddyAllocator(int largest, int orders) {
        free = new FreeBlocks[orders];
        for (int order = 0; order < orders; order++) {
            free[order] = new FreeBlocks(Math.multiplyExact(largest, 1 << (orders - 1 - order)));
        }
        free[orders - 1].addFirst(largest);
    }

    /** Units in blocks that are out. */
    long used() {
        return used;
    }

    /**
     * Takes the smallest free block that is large enough, of several the lowest, and splits it if
     * it is larger than that.
     *
     * @return the block's number among those of its order; -1 if no free block is large enough
     */
    int take(int order) {
        int from = order;
        int block = free[from].lowest();
        while (block < 0 && ++from < free.length) {
            block = free[from].lowest();
        }
        if (block < 0) {
            return -1;
        }
        free[from].remove(block);
        while (from > order) { // keep the lower half, free the upper
            from--;
            block *= 2;
            free[from].add(block + 1);
        }
        used += 1L << order;
        return block;
    }

    /** Frees a block and joins it with its buddy as long as that is free too. */
    void giveBack(int fromOrder, int fromBlock) {
        int order = fromOrder;
        int block = fromBlock;
        used -= 1L << order;
        while (order < free.length - 1 && free[order].contains(block ^ 1)) {
            free[order].remove(block ^ 1);
            block /= 2;
            order++;
        }
        free[order].add(block);
    }
}
