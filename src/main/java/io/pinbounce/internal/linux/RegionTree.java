package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

/**
 * Regions by address. It never changes: adding one makes another tree, which shares all but a few
 * nodes with it, so that any thread looks into the one it has without a lock and without an object.
 *
 * <p>A treap: by address it is a search tree, by rank a heap, and ranks are as good as random.
 */
final class RegionTree {

    private final Region region;

    private final int rank;

    private final @Nullable RegionTree below;

    private final @Nullable RegionTree above;

    private RegionTree(
            Region region, int rank, @Nullable RegionTree below, @Nullable RegionTree above) {
        this.region = region;
        this.rank = rank;
        this.below = below;
        this.above = above;
    }

    /**
     * The same regions and one more.
     *
     * @param tree null for none
     * @param added overlaps none of them
     * @param rank a random number
     */
    static RegionTree with(@Nullable RegionTree tree, Region added, int rank) {
        if (tree == null) {
            return new RegionTree(added, rank, null, null);
        }
        if (added.address() < tree.region.address()) {
            RegionTree low = with(tree.below, added, rank);
            return low.rank > tree.rank
                    ? low.over(low.below, tree.over(low.above, tree.above))
                    : tree.over(low, tree.above);
        }
        RegionTree high = with(tree.above, added, rank);
        return high.rank > tree.rank
                ? high.over(tree.over(tree.below, high.below), high.above)
                : tree.over(tree.below, high);
    }

    private RegionTree over(@Nullable RegionTree newBelow, @Nullable RegionTree newAbove) {
        return new RegionTree(region, rank, newBelow, newAbove);
    }

    /** The region that holds some memory; null if there is none. */
    static @Nullable Region find(@Nullable RegionTree tree, long address, long length) {
        Region last = null;
        RegionTree at = tree;
        while (at != null) { // the last one that starts at the address or below
            if (at.region.address() <= address) {
                last = at.region;
                at = at.above;
            } else {
                at = at.below;
            }
        }
        return last != null && last.contains(address, length) ? last : null;
    }
}
