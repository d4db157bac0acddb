package io.pinbounce.simulation;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedDisk;
import io.pinbounce.internal.engine.SimulatedEngine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A computer that loses power, or whose process is killed, and that is started again. */
final class CutMachine {

    private static final int SHOWN = 60;

    private final RandomGenerator random;

    private final CutVariant.Kind variant;

    private final SimulatedDisk disk;

    private final Deque<String> history = new ArrayDeque<>();

    private Consumer<String> listener = _ -> {};

    private SimulatedEngine engine;

    private final Background background;

    private IoEngine library;

    private @Nullable CutScheduler scheduler;

    private long cuts;

    /** When checkpoints run in the background. */
    enum Background {
        /** Before the call goes on that asks for one. */
        AT_ONCE,
        /** In turn with the calls that follow. */
        IN_TURN
    }

    CutMachine(RandomGenerator random, CutVariant.Kind variant, CutSetup setup, long seed) {
        this.random = random;
        this.variant = variant;
        background = setup.background();
        engine = new SimulatedEngine(512, setup.block());
        engine.seed(seed);
        disk = engine.disk();
        library = start();
    }

    private IoEngine start() {
        IoEngine started = variant.over(engine);
        if (background == Background.IN_TURN) {
            scheduler = new CutScheduler(started, random);
            started = scheduler;
        }
        return started;
    }

    /** Waits until what runs in the background does not: all that it does is seen from here on. */
    void settle() {
        if (scheduler != null) {
            scheduler.settle();
        }
    }

    /** Lets what runs in the background come to its end. */
    void finish() {
        if (scheduler != null) {
            scheduler.finish();
        }
    }

    SimulatedDisk disk() {
        return disk;
    }

    SimulatedEngine engine() {
        return engine;
    }

    /** How requests reach the disk. */
    IoEngine library() {
        return library;
    }

    DirectFile open(DirectOptions options) throws IOException {
        return OnEngine.file(CutSetup.DATA, options, library);
    }

    /** A copy of the machine, with a copy of its disk and the library as it is. */
    CutMachine fork() {
        return new CutMachine(random, new SimulatedEngine(disk.copy()));
    }

    private CutMachine(RandomGenerator random, SimulatedEngine engine) {
        this.random = random;
        this.engine = engine;
        variant = CutVariant.Kind.NONE;
        background = Background.AT_ONCE;
        disk = engine.disk();
        library = engine;
    }

    /** Ends the machine in one of the next calls, as often after few calls as after many. */
    void endSoon(int most) {
        long calls = 1L + random.nextInt(1 + (most >> random.nextInt(6)));
        if (random.nextInt(8) == 0) {
            disk.killAt(calls, random);
        } else {
            disk.cutPowerAt(calls, random);
        }
    }

    /** Ends the machine now, unless it has ended. */
    void end() {
        disk.keepPower();
        if (!engine.isDead()) {
            if (random.nextInt(8) == 0) {
                disk.kill(random);
            } else {
                disk.powerCut(random);
            }
        }
        note("the end: " + (disk.remains().isEmpty() ? "killed" : disk.remains()));
    }

    /** Starts it again. */
    void restart() {
        finish();
        cuts++;
        engine = engine.restart();
        library = start();
    }

    /** Fails, unless that is because the machine has ended. */
    void requireEnd(IOException e) {
        if (!engine.isDead()) {
            throw new AssertionError("a request failed, and nothing was wrong: " + e, e);
        }
    }

    /**
     * Whether an interval is an error because the machine ended during its read: a tuple page that
     * the disk does not return is as good as a damaged one, and so its tuples are lost to the read.
     */
    boolean explains(BadInterval bad) {
        settle(); // the background task may have ended the machine
        return engine.isDead() && bad.cause() == BadInterval.Cause.TUPLE_LOST;
    }

    /** How often it was ended. */
    long cuts() {
        return cuts;
    }

    /** Tells of all that happens: requests, and every call on the disk. */
    void listen(Consumer<String> told) {
        listener = told;
        disk.listen(call -> told.accept((isInTask() ? "  task: " : "  ") + call));
    }

    private boolean isInTask() {
        return scheduler != null && scheduler.isTask();
    }

    /** Remembers what happens, for messages. */
    void note(String text) {
        listener.accept(text);
        history.add(text);
        if (history.size() > SHOWN) {
            history.remove();
        }
    }

    String history() {
        return String.join("\n  ", history) + (scheduler == null ? "" : "\n  " + scheduler);
    }
}
