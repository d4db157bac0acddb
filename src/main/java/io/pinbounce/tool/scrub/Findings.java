package io.pinbounce.tool.scrub;

import io.pinbounce.BadInterval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found so far. All of it is counted, and a limited number is kept. */
final class Findings {

    private final int interval;

    private final int most;

    private final List<BadInterval> bad = new ArrayList<>();

    /** By position; ranges that touch are joined. */
    private final TreeMap<Long, UnreadableRange> unreadable = new TreeMap<>();

    private long damaged;

    private long unreadableIntervals;

    /**
     * Findings of a run that has not begun.
     *
     * @param interval bytes in an interval
     * @param most bad intervals, and unreadable ranges, that are kept; all are counted
     */
    Findings(int interval, int most) {
        this.interval = interval;
        this.most = most;
    }

    void add(List<BadInterval> found) {
        damaged += found.size();
        bad.addAll(found.subList(0, Math.min(found.size(), most - bad.size())));
    }

    void add(UnreadableRange range) {
        unreadableIntervals += range.intervals(interval);
        UnreadableRange joined = range;
        Map.Entry<Long, UnreadableRange> before = unreadable.lowerEntry(range.position());
        if (before != null && before.getValue().touches(joined)) {
            joined = before.getValue().with(joined);
            unreadable.remove(before.getKey());
        }
        UnreadableRange behind = unreadable.get(range.end());
        if (behind != null && joined.touches(behind)) {
            joined = joined.with(behind);
            unreadable.remove(behind.position());
        }
        if (unreadable.size() < most) {
            unreadable.put(joined.position(), joined);
        }
    }

    /** In the order of the file, although requests complete in any order. */
    List<BadInterval> bad() {
        bad.sort(Comparator.comparingLong(BadInterval::interval));
        return bad;
    }

    List<UnreadableRange> unreadable() {
        return List.copyOf(unreadable.values());
    }

    long damaged() {
        return damaged;
    }

    long unreadableIntervals() {
        return unreadableIntervals;
    }
}
