package io.pinbounce.simulation;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.ProtectionException;
import io.pinbounce.internal.engine.DiskCall;
import io.pinbounce.internal.engine.DiskFaults;
import io.pinbounce.internal.engine.DiskFaults.Incident;
import io.pinbounce.simulation.CutSetup.Modes;
import io.pinbounce.testing.Watchdog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A file and its sidecar on a disk that damages data, through some power cuts. Reads and openings
 * may fail; but what is read without an error was once written there. It may be an older version,
 * whole: on a disk that lies about flushes, or writes elsewhere, no checksum can tell.
 */
final class CutDamage {

    private static final int GENERATIONS = 4;

    private static final int REQUESTS = 60;

    private static final int INTERVALS = 96;

    private static final int DEPTH = 8;

    private final long seed;

    private final Kind kind;

    private final Guarding guarding;

    private final RandomGenerator random;

    private final CutSetup setup;

    private final CutMachine machine;

    private final int interval;

    /** All versions that were ever written, for each interval. */
    private final Map<Long, Set<Integer>> ever = new HashMap<>();

    /** Intervals that a cut may have torn. */
    private final Set<Long> doubtful = new HashSet<>();

    /** Intervals that a cut has torn. */
    private final Set<Long> torn = new HashSet<>();

    /** What is wrong with the disk. */
    enum Kind {
        /** It says that the data is durable. */
        LIES_ABOUT_DATA(DiskFaults.Kind.DROPPED_FLUSH, Part.DATA),
        /** It says that the sidecar is durable. */
        LIES_ABOUT_SIDECAR(DiskFaults.Kind.DROPPED_FLUSH, Part.SIDECAR),
        /** Bits of the data turn over. */
        ROTS_DATA(DiskFaults.Kind.BIT_FLIP, Part.DATA),
        /** Bits of the sidecar turn over. */
        ROTS_SIDECAR(DiskFaults.Kind.BIT_FLIP, Part.SIDECAR),
        /** Data is written elsewhere. */
        MISPLACES_DATA(DiskFaults.Kind.MISDIRECTED_WRITE, Part.DATA),
        /** Pages and log of the sidecar are written elsewhere. */
        MISPLACES_SIDECAR(DiskFaults.Kind.MISDIRECTED_WRITE, Part.SIDECAR);

        private final DiskFaults.Kind fault;

        private final Part part;

        Kind(DiskFaults.Kind fault, Part part) {
            this.fault = fault;
            this.part = part;
        }

        private boolean isAbout(DiskCall call) {
            return call.path().equals(isAboutData() ? CutSetup.DATA : CutSetup.SIDECAR);
        }

        private boolean isAboutData() {
            return part == Part.DATA;
        }
    }

    /** Where it is wrong. */
    private enum Part {
        DATA,
        SIDECAR
    }

    /** Whether damage is noticed. */
    enum Guarding {
        /** There is a sidecar. */
        GUARDED,
        /** There is none. */
        UNGUARDED
    }

    CutDamage(long seed, Kind kind, Guarding guarding) {
        this.seed = seed;
        this.guarding = guarding;
        this.kind = kind;
        random = new SplittableRandom(seed);
        setup = CutSetup.of(random);
        machine = new CutMachine(random, CutVariant.Kind.NONE, setup, seed);
        interval = setup.interval();
    }

    /** Tells of all that happens. */
    void listen(Consumer<String> told) {
        machine.listen(told);
    }

    /** How often the power was cut so far. */
    long cuts() {
        return machine.cuts();
    }

    /** Runs it all. */
    void run() {
        Watchdog.watch(Watchdog.PATIENCE, () -> describe("it does not end"), this::runAlone);
    }

    /** On a thread of its own: what a scenario that fails leaves behind is nothing to the next. */
    private void runAlone() {
        try {
            boolean opens = true;
            for (int i = 0; i < GENERATIONS && opens; i++) {
                generation();
                opens = judge();
            }
        } catch (AssertionError | RuntimeException | IOException e) {
            throw new AssertionError(describe(String.valueOf(e.getMessage())), e);
        }
    }

    private String describe(String message) {
        StringBuilder text = new StringBuilder(message);
        text.append("\n  seed=").append(seed).append(" kind=").append(kind);
        text.append("\n  ").append(setup).append("\n  ").append(machine.history());
        for (Incident incident : incidents()) {
            text.append("\n  ").append(incident);
        }
        return text.toString();
    }

    private List<Incident> incidents() {
        return machine.disk().faults().incidents();
    }

    private void generation() throws IOException {
        machine.endSoon(300);
        DiskFaults faults = machine.disk().faults();
        if (kind.fault == DiskFaults.Kind.MISDIRECTED_WRITE) {
            faults.once(kind.fault, kind::isAbout);
        } else {
            faults.rate(kind.fault, random.nextInt(3) == 0 ? 0.3 : 0.02, kind::isAbout);
        }
        try (DirectFile file = machine.open(writer());
                DirectQueue queue = OnEngine.queue(DEPTH, Engine.AUTO, machine.library())) {
            for (int i = 0; i < REQUESTS && !machine.engine().isDead(); i++) {
                step(file, queue);
            }
            machine.end();
        } catch (IOException e) {
            machine.note("failed: " + e.getMessage());
        }
        machine.end();
        faults.clear();
        machine.restart();
    }

    private DirectOptions writer() {
        return switch (guarding) {
            case GUARDED -> setup.writer(setup.mode(random));
            case UNGUARDED -> setup.unguarded();
        };
    }

    private void step(DirectFile file, DirectQueue queue) throws IOException {
        machine.settle();
        long number = random.nextInt(INTERVALS);
        int count = 1 + random.nextInt(8);
        machine.note("at " + number + ", " + count + " intervals");
        try {
            switch (random.nextInt(8)) {
                case 0 -> force(file, queue);
                case 1 -> file.truncate(number * interval);
                case 2 -> read(file, number, count);
                case 3 -> queue.await(queue.pending(), _ -> {});
                case 4, 5 -> file.write(written(number, count), number * interval);
                default -> {
                    if (queue.pending() == queue.depth()) {
                        queue.await(1, _ -> {});
                    }
                    queue.write(file, written(number, count), number * interval, 0);
                }
            }
        } catch (DirectIoException e) {
            machine.settle(); // what has failed may have left before the task's end
            machine.note("failed: " + e.getMessage());
        }
    }

    private void force(DirectFile file, DirectQueue queue) throws IOException {
        queue.await(queue.pending(), _ -> {});
        file.force();
        doubtful.retainAll(torn);
    }

    /** Whole intervals, each of which may be there from now on. */
    private MemorySegment written(long number, int count) {
        byte[] bytes = new byte[count * interval];
        random.nextBytes(bytes);
        for (int i = 0; i < count; i++) {
            doubtful.add(number + i);
            byte[] one = Arrays.copyOfRange(bytes, i * interval, (i + 1) * interval);
            ever.computeIfAbsent(number + i, _ -> new HashSet<>()).add(Arrays.hashCode(one));
        }
        return MemorySegment.ofArray(bytes);
    }

    /** Reads all that is there, as a reader, and then as a writer; whether that could be opened. */
    private boolean judge() throws IOException {
        if (!machine.disk().files().contains(CutSetup.DATA)) {
            return true;
        }
        if (guarding == Guarding.GUARDED) {
            judge(setup.reader());
        }
        return judge(writer());
    }

    private boolean judge(DirectOptions options) throws IOException {
        DirectFile file = open(options);
        if (file == null) {
            return false;
        }
        try (file) {
            Set<Long> errors = new HashSet<>();
            for (long number = 0; number * interval < file.size(); number++) {
                if (!reads(file, number)) {
                    errors.add(number);
                }
            }
            requireExplained(errors);
            torn.addAll(errors);
        }
        return true;
    }

    private @Nullable DirectFile open(DirectOptions options) {
        try {
            return machine.open(options);
        } catch (IOException e) {
            machine.note("cannot be opened: " + e.getMessage());
            if (String.valueOf(e.getMessage()).contains("there is no sidecar")) {
                return null; // a cut came before it was made
            }
            if (kind.fault == DiskFaults.Kind.BIT_FLIP && kind.isAboutData()) {
                throw new AssertionError("a sidecar cannot be opened, and the data is at fault", e);
            }
            return null;
        }
    }

    private void read(DirectFile file, long number, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            reads(file, number + i);
        }
    }

    /** Whether an interval reads without an error; if so, it must be a version once written. */
    private boolean reads(DirectFile file, long number) throws IOException {
        byte[] bytes = new byte[interval];
        long unverified = file.counts().unverifiedIntervals();
        try {
            file.read(MemorySegment.ofArray(bytes), number * interval);
        } catch (ProtectionException _) {
            return false;
        }
        boolean known =
                Arrays.equals(bytes, new byte[interval])
                        || ever.getOrDefault(number, Set.of()).contains(Arrays.hashCode(bytes));
        if (!known || file.counts().unverifiedIntervals() > unverified) {
            throw new AssertionError("what was never written passes: interval=" + number);
        }
        return true;
    }

    /** If only bits of the data have flipped, all other intervals must read. */
    private void requireExplained(Set<Long> errors) {
        boolean exact = kind.fault == DiskFaults.Kind.BIT_FLIP && kind.isAboutData();
        if (!exact || setup.modes() != Modes.JOURNAL) {
            return;
        }
        Set<Long> unexplained = new HashSet<>(errors);
        unexplained.removeAll(doubtful);
        for (Incident incident : incidents()) {
            unexplained.remove(incident.position() / interval);
        }
        if (!unexplained.isEmpty()) {
            throw new AssertionError("good intervals are errors: intervals=" + unexplained);
        }
    }
}
