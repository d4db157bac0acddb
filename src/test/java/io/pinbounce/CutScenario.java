package io.pinbounce;

import io.pinbounce.CutJudge.Answer;
import io.pinbounce.engine.SimulatedDisk;
import io.pinbounce.engine.SimulatedEngine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** One file and its sidecar through some power cuts, all of it decided by a seed. */
final class CutScenario {

    private static final int GENERATIONS = 6;

    private static final int REQUESTS = 300;

    private final RandomGenerator random;

    private final CutSetup setup;

    private final CutOracle oracle;

    private final Deque<String> history = new ArrayDeque<>();

    private final long seed;

    private SimulatedEngine engine;

    private long cuts;

    CutScenario(long seed) {
        this(seed, _ -> {});
    }

    /**
     * A scenario on a disk that is not what it should be.
     *
     * @param sabotage is done to the disk, once
     */
    CutScenario(long seed, Consumer<SimulatedDisk> sabotage) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        setup = CutSetup.of(random);
        oracle = new CutOracle(setup.interval(), setup.unit());
        engine = new SimulatedEngine(512, setup.block());
        engine.seed(seed);
        sabotage.accept(engine.disk());
    }

    /** Runs it all; how often the power was cut. */
    long run() {
        try {
            start();
            for (int i = 0; i < GENERATIONS; i++) {
                generation();
            }
        } catch (AssertionError | RuntimeException | IOException e) {
            throw new AssertionError(describe(e), e);
        }
        return cuts;
    }

    String describe(Throwable e) {
        return e.getMessage()
                + "\n  seed="
                + seed
                + " cuts="
                + cuts
                + "\n  "
                + setup
                + "\n  "
                + String.join("\n  ", history);
    }

    private void start() throws IOException {
        if (setup.existing() < 0) {
            return;
        }
        byte[] data = new byte[setup.existing()];
        random.nextBytes(data);
        DirectOptions plain = DirectOptions.readWrite().create().bouncePool(setup.slots().pool());
        try (DirectFile file = DirectFile.open(CutSetup.DATA, plain, engine)) {
            file.write(MemorySegment.ofArray(data), 0);
            file.force();
        }
        oracle.startUnprotected(data);
    }

    private void generation() throws IOException {
        SimulatedDisk disk = engine.disk();
        disk.cutPowerAt(skewed(400), random);
        new CutTraffic(setup, oracle, random, engine, history).run(REQUESTS);
        cuts++;
        engine = engine.restart();
        if (disk.files().contains(CutSetup.DATA)) {
            recover();
        }
    }

    /** As often small as large. */
    private long skewed(int most) {
        return 1L + random.nextInt(1 + (most >> random.nextInt(6)));
    }

    private void recover() throws IOException {
        SimulatedDisk disk = engine.disk();
        NavigableMap<Long, Answer> alone = null;
        if (random.nextInt(4) == 0) {
            SimulatedDisk fork = disk.copy();
            alone = answers(new SimulatedEngine(fork), setup.writer());
        }
        NavigableMap<Long, Answer> before = null;
        if (random.nextInt(3) == 0 && disk.files().contains(CutSetup.SIDECAR)) {
            before = readOnly();
        }
        while (random.nextInt(3) == 0) {
            disk.cutPowerAt(1 + random.nextInt(40), random);
            try {
                answers(engine, setup.writer());
                disk.powerCut(random);
            } catch (IOException e) {
                if (!engine.isDead()) {
                    throw e;
                }
            }
            cuts++;
            history.add("cut in recovery: " + disk.remains());
            engine = engine.restart();
        }
        try (DirectFile file = DirectFile.open(CutSetup.DATA, setup.writer(), engine)) {
            CutJudge judge = new CutJudge(setup, oracle, disk);
            NavigableMap<Long, Answer> answers = judge.read(file);
            judge.judge(answers);
            requireSame(alone, answers, "a recovery that was cut ends in another state");
            requireSame(before, answers, "a reader of an unrecovered sidecar sees something else");
        }
    }

    private static void requireSame(
            @Nullable NavigableMap<Long, Answer> some,
            NavigableMap<Long, Answer> answers,
            String message) {
        if (some != null && !some.equals(answers)) {
            throw new AssertionError(message + ": " + some + " and " + answers);
        }
    }

    private NavigableMap<Long, Answer> answers(SimulatedEngine engine, DirectOptions options)
            throws IOException {
        try (DirectFile file = DirectFile.open(CutSetup.DATA, options, engine)) {
            return new CutJudge(setup, oracle, engine.disk()).read(file);
        }
    }

    private @Nullable NavigableMap<Long, Answer> readOnly() throws IOException {
        SimulatedDisk disk = engine.disk();
        byte[] data = disk.contents(CutSetup.DATA);
        byte[] sidecar = disk.contents(CutSetup.SIDECAR);
        NavigableMap<Long, Answer> answers;
        try {
            answers = answers(engine, setup.reader());
        } catch (DirectIoException e) {
            if (String.valueOf(e.getMessage()).contains("there is no sidecar")) {
                return null;
            }
            throw e;
        }
        boolean same =
                Arrays.equals(data, disk.contents(CutSetup.DATA))
                        && Arrays.equals(sidecar, disk.contents(CutSetup.SIDECAR))
                        && disk.pending(CutSetup.DATA) == 0
                        && disk.pending(CutSetup.SIDECAR) == 0;
        if (!same) {
            throw new AssertionError("a reader has written");
        }
        return answers;
    }
}
