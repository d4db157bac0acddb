package io.pinbounce.internal.file;

import io.pinbounce.internal.file.RangeTable.Use;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The range table's promise without its threads: entries are numbered in order of arrival, and one
 * that waits is let in as soon as no earlier entry, inside or waiting, is in its way.
 */
final class RangeModel {

    private final List<Listed> listed = new ArrayList<>();

    private final Set<Integer> fastLane = new HashSet<>();

    private final Set<Integer> inside = new HashSet<>();

    private record Listed(int number, RangeUsers.Range range) {}

    void enter(int number, RangeUsers.Range range) {
        if (range.takesFastLane() && listed.isEmpty()) {
            fastLane.add(number);
            inside.add(number);
        } else {
            listed.add(new Listed(number, range));
            grant();
        }
    }

    void exit(int number) {
        inside.remove(number);
        if (!fastLane.remove(number)) {
            listed.removeIf(entry -> entry.number == number);
        }
        grant();
    }

    /** The numbers of those that were let in and have not left. */
    Set<Integer> inside() {
        return Set.copyOf(inside);
    }

    private void grant() {
        for (int i = 0; i < listed.size(); i++) {
            RangeUsers.Range range = listed.get(i).range;
            boolean laneInTheWay = range.use() == Use.EXCLUSIVE && !fastLane.isEmpty();
            if (!laneInTheWay
                    && listed.subList(0, i).stream()
                            .noneMatch(before -> before.range.conflictsWith(range))) {
                inside.add(listed.get(i).number);
            }
        }
    }
}
