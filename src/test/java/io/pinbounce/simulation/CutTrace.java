package io.pinbounce.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** All that happens in a scenario: its requests, and every call on its disk, in order. */
final class CutTrace {

    /** Events that are shown before and behind the first that differs. */
    private static final int CONTEXT = 8;

    private CutTrace() {}

    /**
     * Requires that a scenario is the same whenever it is run: alone, and beside busy threads, two
     * a processor.
     *
     * @param scenario runs it from its start, and tells of all that happens
     */
    static void requireRepeats(Consumer<Consumer<String>> scenario) {
        List<String> alone = trace(scenario);
        requireSame(alone, trace(scenario));
        AtomicBoolean ends = new AtomicBoolean();
        try {
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                Thread.ofPlatform().daemon().name("busy").start(() -> work(ends));
            }
            requireSame(alone, trace(scenario));
        } finally {
            ends.set(true);
        }
    }

    private static void work(AtomicBoolean ends) {
        while (!ends.get()) {
            Thread.onSpinWait();
        }
    }

    private static List<String> trace(Consumer<Consumer<String>> scenario) {
        List<String> trace = new ArrayList<>();
        scenario.accept(trace::add);
        return trace;
    }

    private static void requireSame(List<String> first, List<String> again) {
        int same = 0;
        while (same < Math.min(first.size(), again.size())
                && first.get(same).equals(again.get(same))) {
            same++;
        }
        if (same < Math.max(first.size(), again.size())) {
            throw new AssertionError(
                    ("it has two traces: event=" + same)
                            + (" of " + first.size() + " and " + again.size())
                            + ("\n  " + around(first, same))
                            + ("\nand then\n  " + around(again, same)));
        }
    }

    private static String around(List<String> trace, int event) {
        int from = Math.max(0, event - CONTEXT);
        int to = Math.min(trace.size(), event + CONTEXT);
        return String.join("\n  ", trace.subList(from, to));
    }

    /** Runs a scenario of a test; its failure tells how to repeat the scenario alone. */
    static void tellSeed(Class<?> test, long seed, Runnable scenario) {
        try {
            scenario.run();
        } catch (AssertionError e) {
            throw new AssertionError(
                    ("repeat with mvn test -Dtest=" + test.getSimpleName())
                            + " -Dpinbounce.simulated.cuts=1"
                            + (" -Dpinbounce.seed=" + seed + "\n" + e.getMessage()),
                    e);
        }
    }
}
