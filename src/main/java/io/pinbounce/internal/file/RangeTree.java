package io.pinbounce.internal.file;

import org.jspecify.annotations.Nullable;

/**
 * Ranges of bytes by where they start: finds one that overlaps another in a number of steps that
 * grows as the logarithm of how many there are. It is made of the nodes that it is given, and
 * allocates nothing.
 *
 * <p>A treap: by start it is a search tree, by rank a heap, and ranks are as good as random, so it
 * stays balanced whatever comes and goes. Each node knows how far the ranges below it reach, and
 * which of them arrived first, so that a search passes by what cannot be of use.
 *
 * <p>For the holder of its owner's lock.
 */
final class RangeTree {

    private @Nullable Node root;

    /** Nodes looked at in searches so far: what tests measure its cost by. */
    private long steps;

    /** A range in a tree, or in none. */
    static class Node {

        private long start;

        private long end;

        private long arrival;

        private long rank;

        private @Nullable Node left;

        private @Nullable Node right;

        /** The largest end from here on down. */
        private long reach;

        /** The earliest arrival from here on down. */
        private long earliest;

        /**
         * Sets the range, outside of any tree.
         *
         * @param start first byte
         * @param end byte behind the last
         * @param arrival a number larger than that of all who came before
         */
        final void set(long start, long end, long arrival) {
            this.start = start;
            this.end = end;
            this.arrival = arrival;
            rank = mixed(arrival);
        }

        /** Whether it has any bytes; one without is in no tree. */
        final boolean hasBytes() {
            return start < end;
        }

        final boolean overlaps(Node other) {
            return Math.max(start, other.start) < Math.min(end, other.end);
        }

        private boolean isBefore(Node other) {
            return start < other.start || (start == other.start && arrival < other.arrival);
        }

        private void sumUp() {
            long far = end;
            long first = arrival;
            if (left != null) {
                far = Math.max(far, left.reach);
                first = Math.min(first, left.earliest);
            }
            if (right != null) {
                far = Math.max(far, right.reach);
                first = Math.min(first, right.earliest);
            }
            reach = far;
            earliest = first;
        }
    }

    /** The finalizer of SplitMix64: numbers in a row become ranks without any order. */
    private static long mixed(long number) {
        long z = number * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    void add(Node node) {
        root = add(root, node);
    }

    private static Node add(@Nullable Node tree, Node node) {
        if (tree == null) {
            node.left = null;
            node.right = null;
            node.sumUp();
            return node;
        }
        Node top = tree;
        if (node.isBefore(tree)) {
            Node left = add(tree.left, node);
            tree.left = left;
            if (left.rank > tree.rank) {
                tree.left = left.right;
                left.right = tree;
                top = left;
            }
        } else {
            Node right = add(tree.right, node);
            tree.right = right;
            if (right.rank > tree.rank) {
                tree.right = right.left;
                right.left = tree;
                top = right;
            }
        }
        tree.sumUp();
        top.sumUp();
        return top;
    }

    void remove(Node node) {
        root = remove(root, node);
    }

    @SuppressWarnings("ReferenceEquality") // a node is equal to itself alone
    private static @Nullable Node remove(@Nullable Node tree, Node node) {
        if (tree == null) {
            throw new IllegalStateException("the range is not in the tree");
        }
        if (tree == node) {
            return joined(node.left, node.right);
        }
        if (node.isBefore(tree)) {
            tree.left = remove(tree.left, node);
        } else {
            tree.right = remove(tree.right, node);
        }
        tree.sumUp();
        return tree;
    }

    private static @Nullable Node joined(@Nullable Node left, @Nullable Node right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        Node top;
        if (left.rank > right.rank) {
            left.right = joined(left.right, right);
            top = left;
        } else {
            right.left = joined(left, right.left);
            top = right;
        }
        top.sumUp();
        return top;
    }

    /**
     * Finds a range that overlaps another and arrived before it. Of several it is the one that
     * starts last, and of those that start there the one that arrived last: among requests for the
     * same bytes, the one just before.
     *
     * @param node in the tree or not
     * @return null if there is none
     */
    @Nullable Node overlapBefore(Node node) {
        return node.hasBytes() ? overlapBefore(root, node) : null;
    }

    private @Nullable Node overlapBefore(@Nullable Node tree, Node node) {
        if (tree == null) {
            return null;
        }
        steps++;
        if (tree.reach <= node.start || tree.earliest >= node.arrival) {
            return null;
        }
        if (tree.start < node.end) {
            Node found = overlapBefore(tree.right, node);
            if (found != null) {
                return found;
            }
            if (tree.end > node.start && tree.arrival < node.arrival) {
                return tree;
            }
        }
        return overlapBefore(tree.left, node);
    }

    long steps() {
        return steps;
    }
}
