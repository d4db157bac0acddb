package io.pinbounce.simulation;

import io.pinbounce.DirectFile;
import io.pinbounce.testing.Watchdog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** One file and its sidecar through some power cuts, all of it decided by a seed. */
final class CutScenario {

    private static final int GENERATIONS = 6;

    private static final int REQUESTS = 1000;

    private static final int CALLS = 400;

    private static final int MANY_CALLS = 3000;

    private final long seed;

    private final RandomGenerator random;

    private final CutSetup setup;

    private final CutOracle oracle;

    private final CutMachine machine;

    private final CutRecovery recovery;

    /** A scenario of the library as it is. */
    CutScenario(long seed) {
        this(seed, CutVariant.Kind.NONE, UnaryOperator.identity());
    }

    /**
     * A scenario of the library with an ordering left out.
     *
     * @param variant what of the library is left out
     * @param change overrides parts of the setup that the seed gives
     */
    CutScenario(long seed, CutVariant.Kind variant, UnaryOperator<CutSetup> change) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        setup = change.apply(CutSetup.of(random));
        oracle = new CutOracle(setup.interval(), setup.unit());
        machine = new CutMachine(random, variant, setup, seed);
        recovery = new CutRecovery(setup, oracle, random, machine);
    }

    /** Tells of all that happens. */
    void listen(Consumer<String> told) {
        machine.listen(told);
    }

    /** Runs it all. */
    void run() {
        Watchdog.watch(Watchdog.PATIENCE, () -> describe("it does not end"), this::runAlone);
    }

    /** On a thread of its own: what a scenario that fails leaves behind is nothing to the next. */
    private void runAlone() {
        try {
            start();
            DirectFile file = null;
            for (int i = 0; i < GENERATIONS; i++) {
                file = generation(file);
            }
            if (file != null) {
                file.close();
            }
        } catch (AssertionError | RuntimeException | IOException e) {
            throw new AssertionError(describe(String.valueOf(e.getMessage())), e);
        }
    }

    /** How often it was ended so far. */
    long cuts() {
        return machine.cuts();
    }

    /** All that helps to understand a message. */
    String describe(String message) {
        return message
                + ("\n  seed=" + seed + " cuts=" + machine.cuts())
                + ("\n  " + setup + "\n  " + machine.history());
    }

    private void start() throws IOException {
        if (setup.existing() < 0) {
            return;
        }
        byte[] data = new byte[setup.existing()];
        random.nextBytes(data);
        try (DirectFile file = machine.open(setup.unguarded())) {
            file.write(MemorySegment.ofArray(data), 0);
            file.force();
        }
        oracle.startUnprotected(data);
    }

    /** Some requests, a cut as a rule, and a recovery, which may leave the file open. */
    private @Nullable DirectFile generation(@Nullable DirectFile file) throws IOException {
        machine.endSoon(random.nextInt(8) == 0 ? MANY_CALLS : CALLS);
        new CutTraffic(setup, oracle, random, machine).run(REQUESTS, file);
        if (machine.engine().isDead()) {
            machine.restart();
        }
        machine.disk().keepPower();
        return recovery.recover();
    }
}
