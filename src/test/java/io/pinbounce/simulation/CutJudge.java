package io.pinbounce.simulation;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.ProtectionException;
import io.pinbounce.internal.engine.SimulatedDisk;
import io.pinbounce.simulation.CutVersion.State;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * Reads a file after a cut, all of it, and holds what is said of every interval against what is
 * really on the disk, and that against what the oracle allows.
 */
final class CutJudge {

    /** What reading one interval says. */
    enum Answer {
        /** It is read, and verifies. */
        VERIFIED,
        /** It is read, and has no tuple to verify it. */
        UNVERIFIED,
        /** It and its tuple disagree. */
        MISMATCH,
        /** A write left it damaged. */
        DAMAGED,
        /** Its tuple is lost. */
        LOST;

        boolean isError() {
            return this != VERIFIED && this != UNVERIFIED;
        }

        static Answer of(BadInterval.Cause cause) {
            return switch (cause) {
                case MISMATCH, DIGEST -> MISMATCH;
                case DAMAGED -> DAMAGED;
                case TUPLE_LOST -> LOST;
            };
        }
    }

    private static final int WINDOW = 64 << 10;

    private final CutSetup setup;

    private final CutOracle oracle;

    private final CutMachine machine;

    private final SimulatedDisk disk;

    private final int interval;

    CutJudge(CutSetup setup, CutOracle oracle, CutMachine machine) {
        this.setup = setup;
        this.oracle = oracle;
        this.machine = machine;
        disk = machine.disk();
        interval = setup.interval();
    }

    /** Reads all of a file; of a large one, all that was ever written, and around it. */
    NavigableMap<Long, Answer> read(DirectFile file) throws IOException {
        long size = disk.size(CutSetup.DATA);
        check(file.size() == size, "the file's size: size=" + file.size() + " disk's=" + size);
        NavigableMap<Long, Answer> answers = new TreeMap<>();
        long end = 0;
        for (long number : worthReading((size + interval - 1) / interval)) {
            long at = number * interval;
            if (at >= end) {
                end = Math.min(at + WINDOW, size);
                readWindow(file, at, (int) (end - at), answers);
            }
        }
        return answers;
    }

    private Iterable<Long> worthReading(long count) {
        TreeSet<Long> numbers = new TreeSet<>();
        if (setup.reach() == CutSetup.Reach.NEAR) {
            LongStream.range(0, count).forEach(numbers::add);
            return numbers;
        }
        for (long start : setup.starts()) {
            numbers.add(start / interval);
        }
        for (long known : oracle.knownIntervals()) {
            numbers.add(Math.max(0, known - 1));
            numbers.add(known);
            numbers.add(known + 1);
        }
        numbers.add(Math.max(0, count - 1));
        return numbers.headSet(count);
    }

    private void readWindow(
            DirectFile file, long at, int length, NavigableMap<Long, Answer> answers)
            throws IOException {
        if (!readAtOnce(file, at, length, answers)) {
            for (long one = at; one < at + length; one += interval) {
                int bytes = (int) Math.min(interval, at + length - one);
                answers.put(one / interval, readOne(file, one, bytes));
            }
        }
    }

    /** Whether one read of the whole range succeeds. */
    private boolean readAtOnce(
            DirectFile file, long at, int length, NavigableMap<Long, Answer> answers)
            throws IOException {
        byte[] bytes = new byte[length];
        long unverified = file.counts().unverifiedIntervals();
        try {
            file.read(MemorySegment.ofArray(bytes), at);
        } catch (ProtectionException _) {
            return false;
        }
        if (file.counts().unverifiedIntervals() > unverified) {
            return false;
        }
        check(
                Arrays.equals(bytes, disk.contents(CutSetup.DATA, at, length)),
                "what is read is not what is there: position=" + at + " length=" + length);
        for (long one = at; one < at + length; one += interval) {
            answers.put(one / interval, Answer.VERIFIED);
        }
        return true;
    }

    /**
     * Reads one interval.
     *
     * @throws IOException if it cannot be read; also if the machine ended meanwhile
     */
    Answer readOne(DirectFile file, long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        long unverified = file.counts().unverifiedIntervals();
        try {
            long read = file.read(MemorySegment.ofArray(bytes), at);
            check(read == length, "an interval is read in part: position=" + at + " read=" + read);
        } catch (ProtectionException e) {
            List<BadInterval> bad = e.intervals();
            check(
                    bad.size() == 1 && bad.getFirst().interval() == at / interval,
                    "an error names the interval that was read: interval=" + at / interval);
            if (machine.explains(bad.getFirst())) {
                throw e;
            }
            return Answer.of(bad.getFirst().cause());
        }
        check(
                Arrays.equals(bytes, disk.contents(CutSetup.DATA, at, length)),
                "what is read is not what is there: position=" + at + " length=" + length);
        return file.counts().unverifiedIntervals() > unverified
                ? Answer.UNVERIFIED
                : Answer.VERIFIED;
    }

    /** Holds answers against what may be, and tells the oracle what it is from now on. */
    void judge(NavigableMap<Long, Answer> answers) {
        long size = disk.size(CutSetup.DATA);
        check(
                oracle.allowsSize(size),
                "a size that the file never had: size=" + size + " allowed=" + oracle.sizes());
        for (var entry : answers.entrySet()) {
            long number = entry.getKey();
            byte[] found = onDisk(number);
            CutInterval there = oracle.at(number);
            judge(there, found, entry.getValue());
            oracle.settle(number, found, stateOf(entry.getValue()));
        }
        oracle.settleSize(size);
    }

    static State stateOf(Answer answer) {
        return switch (answer) {
            case VERIFIED -> State.PROTECTED;
            case UNVERIFIED -> State.UNPROTECTED;
            case MISMATCH, DAMAGED, LOST -> State.TORN;
        };
    }

    /** The bytes of an interval on the disk; zeros past the end of the file. */
    byte[] onDisk(long number) {
        byte[] bytes = disk.contents(CutSetup.DATA, number * interval, interval);
        return bytes.length == interval ? bytes : Arrays.copyOf(bytes, interval);
    }

    /** Whether a change made the interval like that, and no state says that it is torn. */
    boolean isGood(CutInterval there, byte[] found) {
        Set<State> states = there.statesOf(found);
        return !states.isEmpty() && !states.contains(State.TORN);
    }

    /** Without a cut, nothing is lost: what is a version reads as one, and nothing else does. */
    void requireExact(CutInterval there, byte[] found, Answer answer) {
        Set<State> states = there.statesOf(found);
        boolean exact = states.isEmpty() ? answer.isError() : states.contains(stateOf(answer));
        check(exact, "after a write that failed", there, found, answer);
    }

    private void judge(CutInterval there, byte[] found, Answer answer) {
        Set<State> states = there.statesOf(found);
        if (states.isEmpty()) {
            check(there.versions().size() > 1, "what was forced is gone", there, found, answer);
        }
        check(
                allowed(there, states).contains(answer),
                "allowed=" + allowed(there, states),
                there,
                found,
                answer);
    }

    private Set<Answer> allowed(CutInterval there, Set<State> states) {
        Set<Answer> allowed = EnumSet.noneOf(Answer.class);
        if (states.contains(State.PROTECTED)) {
            allowed.add(Answer.VERIFIED);
        }
        if (states.contains(State.UNPROTECTED)) {
            allowed.add(Answer.UNVERIFIED);
        }
        boolean mayFail = states.contains(State.TORN) || states.isEmpty() || there.isUnlogged();
        if (mayFail) {
            allowed.add(Answer.MISMATCH);
            allowed.add(Answer.DAMAGED);
        }
        if (there.isUnlogged() && there.wasUnprotected()) {
            allowed.add(Answer.UNVERIFIED); // until its tuple is durable
        }
        return allowed;
    }

    private void check(
            boolean good, String message, CutInterval there, byte[] found, Answer answer) {
        if (!good) {
            fail(message + " " + describe(there, found, answer));
        }
    }

    private void check(boolean good, String message) {
        if (!good) {
            fail(message);
        }
    }

    private static void fail(String message) {
        throw new AssertionError(message);
    }

    private String describe(CutInterval there, byte[] found, @Nullable Answer answer) {
        StringBuilder text = new StringBuilder();
        text.append("interval=").append(there.number);
        text.append(" position=").append(there.number * interval);
        text.append(" answer=").append(answer);
        text.append(" forced=").append(there.isForced()).append('\n');
        text.append("  versions, the oldest first:\n");
        for (CutVersion version : there.versions()) {
            text.append("    ")
                    .append(version)
                    .append(' ')
                    .append(digest(version.bytes(), 0, interval));
            text.append('\n');
        }
        text.append("  on the disk, by sectors: ");
        for (int at = 0; at < interval; at += 512) {
            text.append(' ').append(owner(there, found, at));
        }
        return text.toString();
    }

    private static String owner(CutInterval there, byte[] found, int at) {
        List<CutVersion> versions = there.versions();
        for (int i = versions.size() - 1; i >= 0; i--) {
            if (Arrays.equals(versions.get(i).bytes(), at, at + 512, found, at, at + 512)) {
                return "v" + i;
            }
        }
        return digest(found, at, at + 512);
    }

    private static String digest(byte[] bytes, int from, int to) {
        byte[] part = Arrays.copyOfRange(bytes, from, to);
        return Arrays.equals(part, new byte[to - from])
                ? "zeros"
                : HexFormat.of().formatHex(part, 0, 4)
                        + "~"
                        + Integer.toHexString(Arrays.hashCode(part));
    }
}
