package io.pinbounce.internal.file;

import org.jspecify.annotations.Nullable;

/**
 * Ranges of bytes, ordered by their start: finds a range that overlaps a given range in a number of
 * steps that grows as the logarithm of the number of ranges. The tree consists of the nodes that it
 * is given, and allocates nothing.
 *
 * <p>A treap: by start it is a search tree, by rank a heap, and ranks are as good as random, so the
 * tree stays balanced whatever is added and removed. Each node knows how far the ranges below it
 * reach, and which of them arrived first, so that a search skips subtrees that cannot hold a
 * result.
 *
 * <p>The caller holds the lock of the object that owns the tree.
 */
final class RangeTree {

    private @Nullable Node root;

    /** Nodes that searches have looked at so far: what tests measure the cost by. */
    private long steps;

    /** A range, in a tree or not. */
    static class Node {

        private long start;

        private long end;

        private long arrival;

        private long rank;

        private @Nullable Node left;

        private @Nullable Node right;

        /** The largest end in the subtree of this node. */
        private long reach;

        /** The earliest arrival in the subtree of this node. */
        private long earliest;

        /**
         * Sets the range of a node that is in no tree.
         *
         * @param start first byte
         * @param end byte behind the last
         * @param arrival a number larger than that of every earlier range
         */
        final void set(long start, long end, long arrival) {
            this.start = start;
            this.end = end;
            this.arrival = arrival;
            rank = mixed(arrival);
        }

        /** Whether the range has any bytes; a range without bytes is in no tree. */
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
     * Finds a range that overlaps the given range and arrived before it. Of several, it takes the
     * range that starts last, and if several start there, the one of them that arrived last: among
     * requests for the same bytes, the request just before.
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
