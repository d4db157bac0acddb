package io.pinbounce.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.util.BitSet;
import java.util.Random;

class FreeBlocksProperties {

    /** Sizes of one to four levels, with and without a last word that is full. */
    private static final int[] SIZES = {1, 63, 64, 65, 4096, 4097, 300_000};

    @Property(tries = 100)
    void itAgreesWithABitSet(@ForAll @IntRange(max = 6) int size, @ForAll Random random) {
        int blocks = SIZES[size];
        FreeBlocks set = new FreeBlocks(blocks);
        BitSet expected = new BitSet();
        int first = random.nextInt(blocks + 1);
        set.addFirst(first);
        expected.set(0, first);
        for (int i = 0; i < 500; i++) {
            assertEquals(expected.nextSetBit(0), set.lowest());
            int block =
                    random.nextBoolean() && !expected.isEmpty()
                            ? set.lowest()
                            : any(random, blocks);
            assertEquals(expected.get(block), set.contains(block));
            if (expected.get(block)) {
                set.remove(block);
            } else {
                set.add(block);
            }
            expected.flip(block);
        }
    }

    @Example
    void aSetWhoseBlocksAreAllRemovedIsEmpty() {
        FreeBlocks set = new FreeBlocks(5000);
        set.addFirst(5000);
        for (int block = 0; block < 5000; block++) {
            assertEquals(block, set.lowest());
            set.remove(block);
        }
        assertEquals(-1, set.lowest());
    }

    /** Often near one end, so that words become empty and are filled again. */
    private static int any(Random random, int blocks) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(Math.min(blocks, 3));
            case 1 -> blocks - 1 - random.nextInt(Math.min(blocks, 3));
            default -> random.nextInt(blocks);
        };
    }
}
