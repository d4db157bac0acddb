package io.pinbounce;

import io.pinbounce.testing.Seed;

import java.util.concurrent.TimeUnit;

/**
 * Runs scenarios of power cuts for as long as is wanted, each from a seed of its own.
 *
 * <p>Arguments: how many power cuts, a million if there are none.
 */
public final class CutSoak {

    private static final long CUTS = 1_000_000;

    private static final long PROGRESS = 100_000;

    /** Nothing waits for anything but itself: what takes so long has come to a stop. */
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);

    private volatile @org.jspecify.annotations.Nullable CutScenario running;

    private volatile long started;

    private CutSoak() {}

    /** Runs them, and says how fast that went. */
    public static void main(String[] arguments) {
        long wanted = arguments.length > 0 ? Long.parseLong(arguments[0]) : CUTS;
        new CutSoak().run(wanted, Seed.value());
    }

    private void run(long wanted, long firstSeed) {
        watch(Thread.currentThread());
        long start = System.nanoTime();
        long cuts = 0;
        long told = 0;
        for (long seed = firstSeed; cuts < wanted; seed++) {
            cuts += run(seed);
            if (cuts - told >= PROGRESS) {
                told = cuts;
                System.out.println("cuts=" + cuts + " perSecond=" + perSecond(cuts, start));
            }
        }
        System.out.println("cuts=" + cuts + " perSecond=" + perSecond(cuts, start));
    }

    private static long perSecond(long cuts, long start) {
        return cuts * TimeUnit.SECONDS.toNanos(1) / Math.max(1, System.nanoTime() - start);
    }

    private long run(long seed) {
        CutScenario scenario = new CutScenario(seed);
        started = System.nanoTime();
        running = scenario;
        return scenario.run();
    }

    private void watch(Thread runner) {
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            while (true) {
                                look(runner);
                            }
                        });
    }

    private void look(Thread runner) {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            return;
        }
        CutScenario scenario = running;
        if (scenario != null && System.nanoTime() - started > PATIENCE) {
            System.out.println(scenario.describe("it does not come to an end"));
            for (StackTraceElement frame : runner.getStackTrace()) {
                System.out.println("    at " + frame);
            }
            System.exit(1);
        }
    }
}
