package io.pinbounce.crash;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was in one interval, one after the other, from what was there at the last force on. Writes
 * that touch the interval follow each other, so only the last contents may be under way.
 */
final class IntervalHistory {

    private final List<Contents> since = new ArrayList<>(List.of(Contents.ZEROS));

    private final Set<Contents> before = new HashSet<>();

    /** How many contents were given up before the first of the list. */
    private long givenUp;

    /**
     * The index of the last completed contents, from the first ever; earlier ones have completed.
     */
    private long completed;

    void write(int first, int end, long version) {
        if (completed != last()) {
            throw new IllegalStateException(
                    "two writes to an interval at once, version=" + version);
        }
        since.add(since.getLast().with(first, end, version));
    }

    private long last() {
        return givenUp + since.size() - 1;
    }

    void done() {
        completed = last();
    }

    /** What a force that begins now makes durable. */
    long completed() {
        return completed;
    }

    /** A force has made durable what had completed when it began. */
    void forced(long upTo) {
        while (givenUp < upTo) {
            before.add(since.removeFirst());
            givenUp++;
        }
    }

    /** A recovery found these contents: they stay, and writes that were under way are over. */
    void settle(Contents contents) {
        before.addAll(since);
        before.remove(contents);
        givenUp = completed = last() + 1;
        since.clear();
        since.add(contents);
    }

    /** Whole contents that may be there, the oldest first. */
    List<Contents> allowed(Cut cut) {
        return switch (cut) {
            case POWER -> List.copyOf(since);
            case PROCESS -> since.subList((int) (completed - givenUp), since.size());
        };
    }

    /** Whether these were given up: something else was forced, or found, since then. */
    boolean isPast(Contents contents) {
        return before.contains(contents) && !since.contains(contents);
    }

    /** Whether nothing was written since the last force. */
    boolean isSettled() {
        return since.size() == 1;
    }

    /** Whether a completed write was not forced. */
    boolean hasUnforced() {
        return completed > givenUp;
    }

    @Override
    public String toString() {
        return "since the last force " + since + ", completed " + (completed - givenUp + 1);
    }
}
