package io.pinbounce.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.internal.file.RangeTable.Size;
import io.pinbounce.internal.file.RangeTable.Use;
import io.pinbounce.testing.Background;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

class RangeTableProperties {

    private static final int BYTES = 64;

    private static final int THREADS = 6;

    private static final int ROUNDS = 1500;

    /** A table, or something that takes its place. */
    private interface Table {

        /** Waits for its turn, and returns how to leave. */
        Runnable enter(RangeUsers.Range range);
    }

    /** One step of a script: an entry arrives, or one of those inside leaves. */
    record Step(RangeUsers.Range range, boolean leave, int whom) {}

    @Property(tries = 4)
    void nobodyIsInsideWithWhomHeConflicts(@ForAll long seed) throws Exception {
        RangeTable table = new RangeTable();
        stress(
                range -> {
                    RangeTable.Entry entry = RangeUsers.enter(table, range);
                    return () -> table.exit(entry);
                },
                seed);
        RangeUsers.Range all = new RangeUsers.Range(0, BYTES, Use.EXCLUSIVE, Size.CHANGE);
        RangeTable.Entry again = RangeUsers.enter(table, all);
        table.exit(again);
    }

    @Example
    void canaryATableThatLetsEverybodyInIsFound() {
        assertThrows(AssertionError.class, () -> stress(_ -> () -> {}, 1));
    }

    @Example
    void canaryEachConflictIsFound() {
        RangeUsers.Range all = new RangeUsers.Range(0, BYTES, Use.SHARED, Size.CHANGE);
        assertConflict(all, new RangeUsers.Range(63, 64, Use.EXCLUSIVE, Size.READ));
        assertConflict(all, new RangeUsers.Range(99, 99, Use.SHARED, Size.CHANGE));
        RangeUsers users = new RangeUsers();
        users.entered(all);
        users.entered(new RangeUsers.Range(0, BYTES, Use.SHARED, Size.READ));
        users.entered(new RangeUsers.Range(64, 65, Use.EXCLUSIVE, Size.READ));
    }

    /** Step by step, everybody waits or goes on exactly as the model says. */
    @Property(tries = 60)
    void whoWaitsAndWhoDoesNotIsAsTheModelSays(@ForAll("scripts") List<Step> script)
            throws Exception {
        RangeTable table = new RangeTable();
        RangeModel model = new RangeModel();
        TreeMap<Integer, Background<RangeTable.Entry>> users = new TreeMap<>();
        int number = 0;
        for (Step step : script) {
            List<Integer> inside = model.inside().stream().sorted().toList();
            if (step.leave && !inside.isEmpty()) {
                leave(table, model, users, inside.get(step.whom % inside.size()));
            } else {
                model.enter(number, step.range);
                users.put(number, Background.call(() -> RangeUsers.enter(table, step.range)));
                number++;
            }
            assertAsTheModelSays(model, users);
        }
        while (!users.isEmpty()) {
            leave(table, model, users, model.inside().iterator().next());
            assertAsTheModelSays(model, users);
        }
    }

    @Provide
    Arbitrary<List<Step>> scripts() {
        Arbitrary<Integer> bytes = Arbitraries.integers().between(0, 8);
        Arbitrary<RangeUsers.Range> ranges =
                Combinators.combine(
                                bytes,
                                bytes,
                                Arbitraries.of(Use.SHARED, Use.SHARED, Use.EXCLUSIVE),
                                Arbitraries.of(Size.READ, Size.READ, Size.READ, Size.CHANGE))
                        .as(
                                (a, b, use, size) ->
                                        new RangeUsers.Range(
                                                Math.min(a, b), Math.max(a, b), use, size));
        return Combinators.combine(
                        ranges, Arbitraries.of(true, false), Arbitraries.integers().between(0, 99))
                .as(Step::new)
                .list()
                .ofMaxSize(25);
    }

    private static void leave(
            RangeTable table,
            RangeModel model,
            Map<Integer, Background<RangeTable.Entry>> users,
            int number)
            throws Exception {
        Background<RangeTable.Entry> user = Objects.requireNonNull(users.remove(number));
        model.exit(number);
        table.exit(user.result());
    }

    private static void assertAsTheModelSays(
            RangeModel model, Map<Integer, Background<RangeTable.Entry>> users) throws Exception {
        for (Map.Entry<Integer, Background<RangeTable.Entry>> user : users.entrySet()) {
            if (model.inside().contains(user.getKey())) {
                user.getValue().result();
            }
        }
        for (Map.Entry<Integer, Background<RangeTable.Entry>> user : users.entrySet()) {
            if (!model.inside().contains(user.getKey())) {
                user.getValue().awaitWaitingIn("awaitUntil");
            }
        }
    }

    private static void assertConflict(RangeUsers.Range first, RangeUsers.Range second) {
        RangeUsers users = new RangeUsers();
        users.entered(first);
        assertThrows(AssertionError.class, () -> users.entered(second));
        users.leaves(first);
        users.entered(second);
        assertThrows(AssertionError.class, () -> users.entered(first));
    }

    private static void stress(Table table, long seed) throws Exception {
        RangeUsers users = new RangeUsers();
        List<Background<Integer>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            threads.add(Background.call(() -> use(table, users, random)));
        }
        for (Background<Integer> thread : threads) {
            assertEquals(ROUNDS, thread.result());
        }
    }

    private static int use(Table table, RangeUsers users, Random random) {
        for (int i = 0; i < ROUNDS; i++) {
            RangeUsers.Range range = range(random);
            Runnable exit = table.enter(range);
            users.entered(range);
            if (random.nextInt(4) == 0) {
                LockSupport.parkNanos(1); // lets others in between
            }
            users.leaves(range);
            exit.run();
        }
        return ROUNDS;
    }

    /** Mostly shared, so that the fast lane opens and closes all the time. */
    private static RangeUsers.Range range(Random random) {
        long start = random.nextInt(BYTES);
        long end = start + random.nextInt(BYTES / 4);
        Use use = random.nextInt(5) == 0 ? Use.EXCLUSIVE : Use.SHARED;
        return new RangeUsers.Range(
                start, end, use, random.nextInt(8) == 0 ? Size.CHANGE : Size.READ);
    }
}
