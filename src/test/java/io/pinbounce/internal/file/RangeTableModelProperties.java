package io.pinbounce.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.internal.file.RangeTable.Size;
import io.pinbounce.internal.file.RangeTable.Use;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The table against its model, by one thread: an entry that waits is only looked at. */
class RangeTableModelProperties {

    private static final int STEPS = 400;

    /** A table under test, the model beside it, and all entries that have not left. */
    private static final class Pair {

        private final RangeTable table = new RangeTable();

        private final RangeModel model = new RangeModel();

        private final TreeMap<Integer, RangeTable.Entry> entries = new TreeMap<>();

        private final Set<Integer> told = new TreeSet<>();

        private final UnaryOperator<RangeUsers.Range> asTheTableSeesIt;

        private int number;

        Pair(UnaryOperator<RangeUsers.Range> asTheTableSeesIt) {
            this.asTheTableSeesIt = asTheTableSeesIt;
        }

        void enter(RangeUsers.Range range) {
            int mine = number++;
            RangeTable.Entry entry = new RangeTable.Entry();
            RangeUsers.Range seen = asTheTableSeesIt.apply(range);
            table.enter(
                    entry, seen.start(), seen.end(), seen.use(), seen.size(), () -> told.add(mine));
            entries.put(mine, entry);
            model.enter(mine, range);
            if (entry.isGranted()) {
                told.add(mine);
            }
            compare();
        }

        /** Any entry may leave, also one that waits: its request has failed. */
        void exit(int choice) {
            List<Integer> all = new ArrayList<>(entries.keySet());
            int leaving = all.get(choice % all.size());
            table.exit(Objects.requireNonNull(entries.remove(leaving)));
            model.exit(leaving);
            told.remove(leaving);
            compare();
        }

        private void compare() {
            Set<Integer> granted = new TreeSet<>();
            entries.forEach(
                    (number, entry) -> {
                        if (entry.isGranted()) {
                            granted.add(number);
                        }
                    });
            assertEquals(new TreeSet<>(model.inside()), granted);
            assertEquals(granted, told, "all that are granted know it, and no others");
        }
    }

    @Property(tries = 150)
    void whichAreGrantedIsAsTheModelSays(@ForAll long seed) {
        run(seed, UnaryOperator.identity());
    }

    @Example
    void canaryATableThatForgetsOneKindOfConflictIsFound() {
        assertThrows(
                AssertionError.class,
                () -> run(1, r -> new RangeUsers.Range(r.start(), r.end(), Use.SHARED, r.size())));
        assertThrows(
                AssertionError.class,
                () -> run(1, r -> new RangeUsers.Range(r.start(), r.end(), r.use(), Size.READ)));
        assertThrows(
                AssertionError.class,
                () -> run(1, r -> new RangeUsers.Range(r.start(), r.start(), r.use(), r.size())));
    }

    private static void run(long seed, UnaryOperator<RangeUsers.Range> asTheTableSeesIt) {
        Random random = new Random(seed);
        Pair pair = new Pair(asTheTableSeesIt);
        int most = 1 << random.nextInt(7);
        int bytes = 1 << random.nextInt(9);
        for (int step = 0; step < STEPS; step++) {
            boolean full = pair.entries.size() >= most;
            if (full || (!pair.entries.isEmpty() && random.nextInt(3) == 0)) {
                pair.exit(random.nextInt(Integer.MAX_VALUE));
            } else {
                pair.enter(range(random, bytes));
            }
        }
        while (!pair.entries.isEmpty()) {
            pair.exit(random.nextInt(Integer.MAX_VALUE));
        }
        pair.enter(new RangeUsers.Range(0, Long.MAX_VALUE, Use.EXCLUSIVE, Size.CHANGE));
    }

    private static RangeUsers.Range range(Random random, int bytes) {
        Use use = random.nextBoolean() ? Use.EXCLUSIVE : Use.SHARED;
        Size size = random.nextInt(8) == 0 ? Size.CHANGE : Size.READ;
        long start = random.nextInt(bytes);
        long end =
                switch (random.nextInt(8)) {
                    case 0 -> Long.MAX_VALUE; // as a truncate asks for
                    case 1 -> start;
                    default -> start + 1 + random.nextInt(4);
                };
        return new RangeUsers.Range(start, end, use, size);
    }
}
