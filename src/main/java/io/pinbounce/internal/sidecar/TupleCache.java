package io.pinbounce.internal.sidecar;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tuple pages in memory, as they are on the disk: those that were used last. What has changed since
 * is in an {@link Overlay}. The caller holds the store's lock.
 */
final class TupleCache {

    /** Bytes that a page takes, roughly. */
    static final long PAGE_BYTES = TuplePage.INTERVALS * 9L + 128;

    private final LinkedHashMap<Long, TuplePage> pages;

    TupleCache(int capacity) {
        pages =
                new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Long, TuplePage> eldest) {
                        return size() > capacity;
                    }
                };
    }

    @Nullable TuplePage get(long page) {
        return pages.get(page);
    }

    boolean has(long page) {
        return pages.containsKey(page);
    }

    void put(long page, TuplePage contents) {
        pages.put(page, contents);
    }

    /** Forgets all pages from a number on. */
    void removeFrom(long page) {
        pages.keySet().removeIf(number -> number >= page);
    }
}
