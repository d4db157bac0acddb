package io.pinbounce.simulation;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.internal.engine.SimulatedDisk;
import io.pinbounce.simulation.CutJudge.Answer;
import io.pinbounce.simulation.CutSetup.Modes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What happens after a cut: readers, recoveries that are cut themselves, and one that is not. */
final class CutRecovery {

    private static final int CALLS = 40;

    private final CutSetup setup;

    private final CutOracle oracle;

    private final RandomGenerator random;

    private final CutMachine machine;

    CutRecovery(CutSetup setup, CutOracle oracle, RandomGenerator random, CutMachine machine) {
        this.setup = setup;
        this.oracle = oracle;
        this.random = random;
        this.machine = machine;
    }

    /**
     * Recovers, judges what is left, and tells the oracle.
     *
     * @return the file, if there is one, and it stays open
     */
    @Nullable DirectFile recover() throws IOException {
        SimulatedDisk disk = machine.disk();
        if (!disk.files().contains(CutSetup.DATA)) {
            return null;
        }
        NavigableMap<Long, Answer> before = random.nextInt(3) == 0 ? readOnly() : null;
        if (before != null && random.nextInt(8) == 0) {
            new CutForeignUse(setup).check(machine);
        }
        boolean durable = isDurable(disk);
        NavigableMap<Long, Answer> alone =
                durable && random.nextInt(4) == 0
                        ? answers(machine.fork(), setup.writer(setup.mode(random)))
                        : null;
        while (random.nextInt(3) == 0) {
            cutShort();
        }
        Mode mode = setup.mode(random);
        DirectFile file = machine.open(setup.writer(mode));
        oracle.opened(mode);
        boolean judged = false;
        try {
            judge(file, alone, durable ? before : null);
            judged = true;
        } finally {
            if (!judged) {
                file.close();
            }
        }
        if (random.nextBoolean()) {
            return file;
        }
        file.close();
        if (random.nextInt(16) == 0) {
            new CutForeignUse(setup).check(machine);
        }
        return null;
    }

    /** Whether the next cut can lose nothing, because the cache holds nothing of these files. */
    private boolean isDurable(SimulatedDisk disk) {
        return disk.pending(CutSetup.DATA) == 0
                && (setup.modes() == Modes.JOURNAL || pending(disk) == 0);
    }

    private void judge(
            DirectFile file,
            @Nullable NavigableMap<Long, Answer> alone,
            @Nullable NavigableMap<Long, Answer> before)
            throws IOException {
        CutJudge judge = new CutJudge(setup, oracle, machine);
        NavigableMap<Long, Answer> answers = judge.read(file);
        judge.judge(answers);
        requireSame(alone, answers, "a recovery that was cut ends in another state");
        requireSame(before, answers, "a reader of an unrecovered sidecar sees something else");
    }

    private static void requireSame(
            @Nullable NavigableMap<Long, Answer> some,
            NavigableMap<Long, Answer> answers,
            String message) {
        if (some != null && !some.equals(answers)) {
            TreeMap<Long, String> differ = new TreeMap<>();
            some.forEach(
                    (number, answer) -> {
                        if (answers.get(number) != answer) {
                            differ.put(number, answer + " " + answers.get(number));
                        }
                    });
            throw new AssertionError(message + ": " + differ);
        }
    }

    /** A recovery, and reading, in the middle of which the machine ends. */
    private void cutShort() throws IOException {
        machine.endSoon(CALLS);
        try {
            answers(machine, setup.writer(setup.mode(random)));
        } catch (IOException e) {
            machine.requireEnd(e);
        }
        machine.end();
        machine.restart();
        machine.note("that was in a recovery");
    }

    private NavigableMap<Long, Answer> answers(CutMachine machine, DirectOptions options)
            throws IOException {
        try (DirectFile file = machine.open(options)) {
            return new CutJudge(setup, oracle, machine).read(file);
        }
    }

    /** What a file that is open for reading shows; it must not change the disk. */
    private @Nullable NavigableMap<Long, Answer> readOnly() throws IOException {
        SimulatedDisk disk = machine.disk();
        machine.engine().clearLog();
        long flushes = disk.flushes();
        int pending = pending(disk);
        NavigableMap<Long, Answer> answers;
        try {
            answers = answers(machine, setup.reader());
        } catch (DirectIoException e) {
            if (String.valueOf(e.getMessage()).contains("there is no sidecar")) {
                return null;
            }
            throw e;
        }
        boolean same =
                disk.flushes() == flushes
                        && pending(disk) == pending
                        && machine.engine().log().stream()
                                .allMatch(call -> call.startsWith("READ"));
        if (!same) {
            throw new AssertionError("a reader has written: " + machine.engine().log());
        }
        return answers;
    }

    private static int pending(SimulatedDisk disk) {
        int pending = 0;
        for (var path : disk.files()) {
            pending += disk.pending(path);
        }
        return pending;
    }
}
