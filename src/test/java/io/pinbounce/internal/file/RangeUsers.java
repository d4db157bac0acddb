package io.pinbounce.internal.file;

import io.pinbounce.internal.file.RangeTable.Size;
import io.pinbounce.internal.file.RangeTable.Use;
import io.pinbounce.internal.thread.ThreadWait;

import java.util.ArrayList;
import java.util.List;

/**
 * The entries inside a range table, as their users see them: fails if an entry is let in beside one
 * that it conflicts with.
 */
final class RangeUsers {

    private final List<Range> inside = new ArrayList<>();

    /** What a user asks for: bytes from {@code start} up to but not with {@code end}. */
    record Range(long start, long end, Use use, Size size) {

        boolean conflictsWith(Range other) {
            boolean share = Math.max(start, other.start) < Math.min(end, other.end);
            boolean alone = use == Use.EXCLUSIVE || other.use == Use.EXCLUSIVE;
            boolean bothResize = size == Size.CHANGE && other.size == Size.CHANGE;
            return (share && alone) || bothResize;
        }

        /** Whether it needs no place in the list while no other entry has one. */
        boolean takesFastLane() {
            return use == Use.SHARED && size == Size.READ;
        }
    }

    /** Enters and waits for the turn, as a blocking call does. */
    static RangeTable.Entry enter(RangeTable table, Range range) {
        RangeTable.Entry entry = new RangeTable.Entry();
        ThreadWait thread = new ThreadWait();
        table.enter(entry, range.start, range.end, range.use, range.size, thread);
        thread.awaitUntil(entry::isGranted);
        return entry;
    }

    synchronized void entered(Range range) {
        for (Range other : inside) {
            if (range.conflictsWith(other)) {
                throw new AssertionError("inside together: " + range + " and " + other);
            }
        }
        inside.add(range);
    }

    synchronized void leaves(Range range) {
        inside.remove(range);
    }
}
