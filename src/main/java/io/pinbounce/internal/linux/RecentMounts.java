package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What was found out about mounts a moment ago, so that a thousand files that are opened in a row
 * do not have the same dozens of small files of the kernel read for each.
 *
 * <p>It is kept for a second, by a number that no two mounts share. What is open keeps what was
 * found when it was opened, however long ago that is, so what changes beneath a mounted file system
 * is noticed a second later than it could be, and by no fewer files than before.
 */
final class RecentMounts {

    private static final long LIFETIME = 1_000_000_000; // nanoseconds

    private static final int MOST = 64;

    private final ConcurrentHashMap<Long, Dated> recent = new ConcurrentHashMap<>();

    private final LongSupplier clock;

    /**
     * Where a file lies.
     *
     * @param mount null for a block device, or if it is unknown
     * @param devices that hold the data
     * @param upper where an overlay keeps what is written; null for anything else, or if unknown
     */
    record Found(@Nullable Mount mount, List<BlockDevice> devices, @Nullable FileFacts upper) {}

    private record Dated(Found found, long since) {}

    /**
     * Nothing yet.
     *
     * @param clock nanoseconds since some moment
     */
    RecentMounts(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * What is known about a mount, or is found out now.
     *
     * @param number of the mount, unique; 0 if it has none, and nothing is kept
     * @param look finds out
     */
    Found of(long number, Supplier<Found> look) {
        long now = clock.getAsLong();
        Dated known = recent.get(number);
        if (known != null && now - known.since < LIFETIME) {
            return known.found;
        }
        Found found = look.get();
        if (number != 0) {
            if (recent.size() >= MOST) {
                recent.clear();
            }
            recent.put(number, new Dated(found, now));
        }
        return found;
    }
}
