package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Remembers what mounts lie on, so that opening a thousand files in a row does not read the same
 * dozens of small kernel files for each.
 *
 * <p>An entry is kept for a second, under the mount's unique number. A change beneath a mounted
 * file system is therefore noticed up to a second late by files that are opened; files that are
 * open keep what was found when they were opened, with or without this.
 */
final class RecentMounts {

    private static final long LIFETIME = 1_000_000_000; // nanoseconds

    private static final int MAX_ENTRIES = 64;

    private final ConcurrentHashMap<Long, Dated> recent = new ConcurrentHashMap<>();

    private final LongSupplier clock;

    /**
     * Where a file lies.
     *
     * @param mount null for a block device, or if it is unknown
     * @param devices that hold the data
     * @param upper the folder in which an overlay keeps what is written; null for other file
     *     systems, or if unknown
     */
    record Found(@Nullable Mount mount, List<BlockDevice> devices, @Nullable FileFacts upper) {}

    private record Dated(Found found, long since) {}

    /**
     * Remembers nothing yet.
     *
     * @param clock nanoseconds since some moment
     */
    RecentMounts(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * What a mount lies on; looked up if it was not looked up in the last second.
     *
     * @param number the mount's unique number; 0 if it has none, and nothing is kept
     * @param look looks it up
     */
    Found of(long number, Supplier<Found> look) {
        long now = clock.getAsLong();
        Dated known = recent.get(number);
        if (known != null && now - known.since < LIFETIME) {
            return known.found;
        }
        Found found = look.get();
        if (number != 0) {
            if (recent.size() >= MAX_ENTRIES) {
                recent.clear();
            }
            recent.put(number, new Dated(found, now));
        }
        return found;
    }
}
