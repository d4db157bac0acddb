package io.pinbounce.scrub;

import io.pinbounce.BadInterval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was found so far. However much is bad, only so much of it is kept. */
final class Findings {

    private final int interval;

    private final int most;

    private final List<BadInterval> bad = new ArrayList<>();

    private final List<UnreadableRange> unreadable = new ArrayList<>();

    private long damaged;

    private long unreadableIntervals;

    /**
     * Nothing yet.
     *
     * @param interval bytes in one
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
        if (unreadable.size() < most) {
            unreadable.add(range);
        }
    }

    /** In the order of the file; requests are done in any. */
    List<BadInterval> bad() {
        bad.sort(Comparator.comparingLong(BadInterval::interval));
        return bad;
    }

    List<UnreadableRange> unreadable() {
        unreadable.sort(Comparator.comparingLong(UnreadableRange::position));
        return unreadable;
    }

    long damaged() {
        return damaged;
    }

    long unreadableIntervals() {
        return unreadableIntervals;
    }
}
