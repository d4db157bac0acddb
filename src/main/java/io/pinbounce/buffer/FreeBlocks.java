package io.pinbounce.buffer;

/**
 * A set of block numbers that knows its lowest. Finding, adding and removing one look at a word for
 * each factor of 64 in the number of blocks, however many of them are in the set:
 *
 * <pre>
 * level 0   a bit for each block               [ 0000 .... ] [ 0010 .... ] [ 0000 .... ]
 * level 1   a bit for each word that has bits    0             1             0
 * </pre>
 */
final class FreeBlocks {

    /** Words of bits, the blocks' first; the last level has one word. */
    private final long[][] levels;

    /** Makes an empty set of numbers from 0 to {@code blocks} - 1. */
    FreeBlocks(int blocks) {
        int depth = 1;
        for (int words = words(blocks); words > 1; words = words(words)) {
            depth++;
        }
        levels = new long[depth][];
        int bits = blocks;
        for (int level = 0; level < depth; level++) {
            bits = words(bits);
            levels[level] = new long[bits];
        }
    }

    /** Adds the blocks from 0 to {@code blocks} - 1. */
    void addFirst(int blocks) {
        for (int block = 0; block < blocks; block++) {
            add(block);
        }
    }

    void add(int block) {
        int bit = block;
        for (long[] words : levels) {
            int word = bit / Long.SIZE;
            boolean wasEmpty = words[word] == 0;
            words[word] |= 1L << bit;
            if (!wasEmpty) {
                return; // the levels above know of this word
            }
            bit = word;
        }
    }

    void remove(int block) {
        int bit = block;
        for (long[] words : levels) {
            int word = bit / Long.SIZE;
            words[word] &= ~(1L << bit);
            if (words[word] != 0) {
                return; // the levels above keep this word
            }
            bit = word;
        }
    }

    boolean contains(int block) {
        return (levels[0][block / Long.SIZE] >>> block & 1) != 0;
    }

    /** The lowest block of the set; -1 if it is empty. */
    int lowest() {
        if (levels[levels.length - 1][0] == 0) {
            return -1;
        }
        int word = 0;
        for (int level = levels.length - 1; level >= 0; level--) {
            word = word * Long.SIZE + Long.numberOfTrailingZeros(levels[level][word]);
        }
        return word;
    }

    private static int words(int bits) {
        return Math.ceilDiv(bits, Long.SIZE);
    }
}
