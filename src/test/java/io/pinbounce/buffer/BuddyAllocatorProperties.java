package io.pinbounce.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class BuddyAllocatorProperties {

    /** A block that is out. */
    private record Block(int order, int number) {}

    /**
     * Which units are out, and nothing else. A free block is found by looking at all units: it is a
     * block of free units that lies in no larger one.
     */
    private static final class Units {

        private final boolean[] out;

        private final int orders;

        Units(int largest, int orders) {
            this.orders = orders;
            out = new boolean[largest << (orders - 1)];
        }

        /** The smallest free block that is large enough, of several the lowest. */
        int expected(int order) {
            for (int from = order; from < orders; from++) {
                for (int block = 0; block < out.length >> from; block++) {
                    if (isFree(from, block)
                            && !(from < orders - 1 && isFree(from + 1, block / 2))) {
                        return block << (from - order);
                    }
                }
            }
            return -1;
        }

        private boolean isFree(int order, int block) {
            for (int unit = block << order; unit < (block + 1) << order; unit++) {
                if (out[unit]) {
                    return false;
                }
            }
            return true;
        }

        void change(Block block, boolean isOut) {
            for (int i = 0; i < 1 << block.order; i++) {
                int unit = (block.number << block.order) + i;
                assertEquals(!isOut, out[unit], "unit=" + unit);
                out[unit] = isOut;
            }
        }

        int count() {
            int count = 0;
            for (boolean unit : out) {
                count += unit ? 1 : 0;
            }
            return count;
        }
    }

    @Property(tries = 200)
    void takeGivesTheSmallestFreeBlockThatIsLargeEnoughOfSeveralTheLowest(
            @ForAll @IntRange(min = 1, max = 9) int largest,
            @ForAll @IntRange(min = 1, max = 6) int orders,
            @ForAll Random random) {
        BuddyAllocator allocator = new BuddyAllocator(largest, orders);
        Units units = new Units(largest, orders);
        List<Block> out = new ArrayList<>();
        int most = random.nextInt(1, 60);
        for (int i = 0; i < 300; i++) {
            if (!out.isEmpty() && (out.size() >= most || random.nextInt(3) == 0)) {
                Block block = out.remove(random.nextInt(out.size()));
                units.change(block, false);
                allocator.giveBack(block.order, block.number);
            } else {
                int order = random.nextInt(orders);
                int expected = units.expected(order);
                assertEquals(expected, allocator.take(order));
                if (expected >= 0) {
                    Block block = new Block(order, expected);
                    units.change(block, true);
                    out.add(block);
                }
            }
            assertEquals(units.count(), allocator.used());
        }
    }

    @Property(tries = 100)
    void allBlocksAreJoinedOnceTheyAreBack(
            @ForAll @IntRange(min = 1, max = 9) int largest,
            @ForAll @IntRange(min = 1, max = 6) int orders,
            @ForAll Random random) {
        BuddyAllocator allocator = new BuddyAllocator(largest, orders);
        List<Block> out = new ArrayList<>();
        int order = random.nextInt(orders);
        for (int block = allocator.take(order); block >= 0; block = allocator.take(order)) {
            out.add(new Block(order, block));
            order = random.nextInt(orders);
        }
        while (!out.isEmpty()) {
            Block block = out.remove(random.nextInt(out.size()));
            allocator.giveBack(block.order, block.number);
        }
        assertEquals(0, allocator.used());
        for (int block = 0; block < largest; block++) {
            assertEquals(block, allocator.take(orders - 1));
        }
        assertEquals(-1, allocator.take(0));
    }

    @Example
    void canaryABlockThatIsOutTwiceIsFound() {
        Units units = new Units(2, 3);
        units.change(new Block(1, 1), true);
        assertThrows(AssertionError.class, () -> units.change(new Block(0, 3), true));
        assertThrows(AssertionError.class, () -> units.change(new Block(2, 0), false));
        assertEquals(0, units.expected(1));
        units.change(new Block(0, 0), true);
        assertEquals(1, units.expected(0), "its buddy is the smallest free block");
        assertEquals(2, units.expected(1), "the second half of the row is whole");
    }
}
