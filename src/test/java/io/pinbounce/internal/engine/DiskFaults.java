package io.pinbounce.internal.engine;

import io.pinbounce.internal.engine.SimulatedEngine.Fault;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Faults of a simulated disk that has power: each kind happens at a rate, or to one call. A seed
 * decides all random choices, and incidents are recorded. A power cut does not change the settings.
 */
public final class DiskFaults {

    /** Kinds of faults. */
    public enum Kind {
        /** Any call fails; a transfer may have been done in part. */
        EIO,
        /** A write, an allocation or a new file finds no room. */
        ENOSPC,
        /** A transfer moves less than it was asked for. */
        SHORT_TRANSFER,
        /**
         * A force of a file or folder, or a write through a handle of O_DSYNC, succeeds without
         * making anything durable.
         */
        DROPPED_FLUSH,
        /**
         * A bit of a file flips, on the medium and in the cache, just before the file is read,
         * written or forced: within the range of a read, else anywhere in the file.
         */
        BIT_FLIP,
        /**
         * A write goes to another position of its file that does not overlap its own. Only for
         * single calls; a write to a file without such a position is done normally.
         */
        MISDIRECTED_WRITE
    }

    /**
     * A fault that happened.
     *
     * @param kind its kind
     * @param call the number of the call, as {@link SimulatedDisk#calls()} counts
     * @param made the call
     * @param position the byte's position for {@link Kind#BIT_FLIP}; where the write went for
     *     {@link Kind#MISDIRECTED_WRITE}; else the call's position
     */
    public record Incident(Kind kind, long call, DiskCall made, long position) {

        /** The file's name. */
        public Path path() {
            return made.path();
        }
    }

    private record Rule(Kind kind, double rate, Predicate<DiskCall> where) {}

    /** The rate of a rule for a single call. */
    private static final double ONCE = -1;

    private final SimulatedDisk disk;

    private final List<Rule> rules = new ArrayList<>();

    private final List<Incident> incidents = new ArrayList<>();

    private RandomGenerator random = new SplittableRandom(0);

    private Fault hook = _ -> Outcome.NORMAL;

    private int forceResult;

    private int truncateResult;

    DiskFaults(SimulatedDisk disk) {
        this.disk = disk;
    }

    /** Seeds the choice of when and how faults happen from now on. */
    public void seed(long seed) {
        synchronized (disk) {
            random = new SplittableRandom(seed);
        }
    }

    /** Makes a kind of fault happen to some of all calls, 0 to 1. */
    public void rate(Kind kind, double rate) {
        rate(kind, rate, _ -> true);
    }

    /** Makes a kind of fault happen to some of the calls that are chosen, 0 to 1. */
    public void rate(Kind kind, double rate, Predicate<DiskCall> where) {
        if (kind == Kind.MISDIRECTED_WRITE || rate < 0 || rate > 1) {
            throw new IllegalArgumentException(
                    "a rate is 0 to 1, and misdirected writes come one by one, kind="
                            + (kind + " rate=" + rate));
        }
        synchronized (disk) {
            rules.add(new Rule(kind, rate, where));
        }
    }

    /** Makes a kind of fault happen once, to the next call that is chosen. */
    public void once(Kind kind, Predicate<DiskCall> where) {
        synchronized (disk) {
            rules.add(new Rule(kind, ONCE, where));
        }
    }

    /** Sets a hook that decides on all transfers from now on, before any rule. */
    public void hook(Fault fault) {
        synchronized (disk) {
            hook = fault;
        }
    }

    /** Sets what forces return from now on; if negative, they do nothing. */
    public void forceResult(int result) {
        synchronized (disk) {
            forceResult = result;
        }
    }

    /** Sets what truncations return from now on; if negative, they do nothing. */
    public void truncateResult(int result) {
        synchronized (disk) {
            truncateResult = result;
        }
    }

    /** Removes all rules and the hook; incidents stay recorded. */
    public void clear() {
        synchronized (disk) {
            rules.clear();
            hook = _ -> Outcome.NORMAL;
            forceResult = 0;
            truncateResult = 0;
        }
    }

    /** All incidents so far, in order; a hook's outcomes are not recorded. */
    public List<Incident> incidents() {
        synchronized (disk) {
            return List.copyOf(incidents);
        }
    }

    /** All incidents of a kind so far. */
    public List<Incident> incidents(Kind kind) {
        return incidents().stream().filter(incident -> incident.kind == kind).toList();
    }

    /** Whether a control call fails; 0, or {@code -errno}. */
    int result(DiskCall call) {
        boolean fills =
                call.kind() == DiskCall.Kind.ALLOCATE || call.kind() == DiskCall.Kind.CREATE;
        if (call.kind() == DiskCall.Kind.FORCE && forceResult < 0) {
            return forceResult;
        }
        if (call.kind() == DiskCall.Kind.TRUNCATE && truncateResult < 0) {
            return truncateResult;
        }
        if (strikes(Kind.EIO, call)) {
            return -Errno.EIO;
        }
        return fills && strikes(Kind.ENOSPC, call) ? -Errno.ENOSPC : 0;
    }

    /** What happens to a transfer. */
    Outcome outcome(Submission submission, DiskCall call) {
        Outcome hooked = hook.decide(submission);
        if (!hooked.equals(Outcome.NORMAL) || rules.isEmpty()) {
            return hooked;
        }
        long length = call.length();
        long unit = disk.offsetAlignment();
        if (strikes(Kind.EIO, call)) {
            long sectors = random.nextBoolean() ? 0 : length / SectorMap.SECTOR;
            long moves = SectorMap.SECTOR * random.nextLong(sectors + 1);
            return new Outcome(moves, -Errno.EIO);
        }
        if (submission.op() != Op.READ && strikes(Kind.ENOSPC, call)) {
            return Outcome.failed(Errno.ENOSPC);
        }
        if (length > unit && strikes(Kind.SHORT_TRANSFER, call)) {
            return Outcome.shortened(unit * (1 + random.nextLong(length / unit - 1)));
        }
        return Outcome.NORMAL;
    }

    /** Whether this call makes nothing durable, although it should. */
    boolean dropsFlush(DiskCall call) {
        return strikes(Kind.DROPPED_FLUSH, call);
    }

    /** Flips a bit if a rule says so. */
    void rot(SimulatedFile file, DiskCall call) {
        boolean reads = call.kind() == DiskCall.Kind.READ;
        long from = reads ? call.position() : 0;
        long bytes = Math.min(reads ? call.length() : Long.MAX_VALUE, file.size() - from);
        if (bytes > 0 && find(Kind.BIT_FLIP, call) != null) {
            long position = from + random.nextLong(bytes);
            file.flip(position, 1 << random.nextInt(8));
            record(Kind.BIT_FLIP, call, position);
        }
    }

    /** How far from its own position a write goes. */
    long shift(SimulatedFile file, DiskCall call) {
        long unit = disk.offsetAlignment();
        long from = call.position();
        long lastStart = file.size() - call.length();
        // Starts at or below from - length, and those at or past from + length.
        long below = Math.floorDiv(Math.min(from - call.length(), lastStart), unit) + 1;
        long above = Math.floorDiv(lastStart - from - call.length(), unit) + 1;
        long choices = Math.max(0, below) + Math.max(0, above);
        if (choices == 0 || find(Kind.MISDIRECTED_WRITE, call) == null) {
            return 0;
        }
        long choice = random.nextLong(choices);
        long to =
                choice < below
                        ? choice * unit
                        : from + call.length() + (choice - Math.max(0, below)) * unit;
        record(Kind.MISDIRECTED_WRITE, call, to);
        return to - from;
    }

    private boolean strikes(Kind kind, DiskCall call) {
        boolean strikes = find(kind, call) != null;
        if (strikes) {
            record(kind, call, call.position());
        }
        return strikes;
    }

    private void record(Kind kind, DiskCall call, long position) {
        incidents.add(new Incident(kind, disk.calls(), call, position));
    }

    /** The rule that applies to a call; null if none does. A rule for a single call is used up. */
    private @Nullable Rule find(Kind kind, DiskCall call) {
        for (Rule rule : rules) {
            if (rule.kind == kind && rule.where.test(call)) {
                if (rule.rate == ONCE) {
                    rules.remove(rule);
                    return rule;
                }
                if (random.nextDouble() < rule.rate) {
                    return rule;
                }
            }
        }
        return null;
    }
}
