package io.pinbounce.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** What may be in each interval of a file, as its writers tell it. */
final class CrashHistory {

    private final List<IntervalHistory> intervals;

    private final Map<Long, Event> writes = new HashMap<>();

    /** What each force that is under way makes durable, an interval each. */
    private final Map<Long, long[]> forces = new HashMap<>();

    private long lastVersion;

    CrashHistory(CrashLayout layout) {
        intervals = new ArrayList<>();
        for (int i = 0; i < layout.intervals(); i++) {
            intervals.add(new IntervalHistory());
        }
    }

    IntervalHistory interval(int number) {
        return intervals.get(number);
    }

    /** A version that no write has used. */
    long newVersion() {
        return ++lastVersion;
    }

    void accept(Event event) {
        switch (event.kind()) {
            case OPENING, READY -> {}
            case WRITE -> {
                lastVersion = Math.max(lastVersion, event.number());
                writes.put(event.number(), event);
                forEach(
                        event,
                        (history, number) -> {
                            int start = number * CrashLayout.CELLS;
                            int first = Math.max(event.first() - start, 0);
                            int end = event.first() + event.count() - start;
                            history.write(first, Math.min(end, CrashLayout.CELLS), event.number());
                        });
            }
            case DONE -> forEach(taken(writes, event), (history, _) -> history.done());
            case DURABLE ->
                    forEach(
                            taken(writes, event),
                            (history, _) -> {
                                history.done();
                                history.forced(history.completed());
                            });
            case FORCE ->
                    forces.put(
                            event.number(),
                            intervals.stream().mapToLong(IntervalHistory::completed).toArray());
            case FORCED -> forced(taken(forces, event));
        }
    }

    private static <T> T taken(Map<Long, T> underWay, Event end) {
        T begun = underWay.remove(end.number());
        if (begun == null) {
            throw new IllegalStateException("it was not announced: " + end.line());
        }
        return begun;
    }

    private void forEach(Event write, BiConsumer<IntervalHistory, Integer> change) {
        IntStream.rangeClosed(
                        write.first() / CrashLayout.CELLS,
                        (write.first() + write.count() - 1) / CrashLayout.CELLS)
                .forEach(i -> change.accept(intervals.get(i), i));
    }

    private void forced(long[] upTo) {
        for (int i = 0; i < upTo.length; i++) {
            intervals.get(i).forced(upTo[i]);
        }
    }

    /** The writer is gone: what it did not finish has no other end. */
    void cut() {
        writes.clear();
        forces.clear();
    }
}
