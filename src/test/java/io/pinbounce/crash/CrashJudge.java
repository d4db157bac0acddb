package io.pinbounce.crash;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.ProtectionException;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Looks what is in a file after its writer's end, and whether that may be. Then it makes good what
 * was refused, so that the next writer goes on with the same file.
 */
final class CrashJudge {

    private static final int SHOWN = 5;

    private final CrashTarget target;

    private final CrashLayout layout;

    private final Cut cut;

    private final CrashHistory history;

    private final Tears tears;

    /**
     * A judge.
     *
     * @param target what is judged
     * @param cut what ends writers
     * @param random chooses what is torn besides, if power is cut
     */
    CrashJudge(CrashTarget target, Cut cut, Random random) {
        this.target = target;
        this.layout = target.layout();
        this.cut = cut;
        history = new CrashHistory(layout);
        tears = new Tears(target, history, random);
    }

    /**
     * What a judgement found, of all intervals.
     *
     * @param open that were written since the last force
     * @param lost whose last completed write is gone, as it may be
     * @param torn that are of no one version
     * @param refused that could not be read
     */
    record Findings(long open, long lost, long torn, long refused) {

        static final Findings NONE = new Findings(0, 0, 0, 0);

        Findings plus(Findings other) {
            return new Findings(
                    open + other.open,
                    lost + other.lost,
                    torn + other.torn,
                    refused + other.refused);
        }
    }

    long newVersion() {
        return history.newVersion();
    }

    /** Writes all intervals, so that each has a tuple. */
    void fill() throws IOException {
        try (DirectFile file = DirectFile.open(target.data(), target.writing())) {
            for (int i = 0; i < layout.intervals(); i++) {
                rewrite(file, i);
            }
            file.force();
        }
    }

    /**
     * Reads the file once more, open for reading, which changes nothing, and then for writing.
     *
     * @param told by the writer that is gone, in order
     * @throws AssertionError if what is there may not be
     */
    Findings judge(List<Event> told) throws IOException {
        told.forEach(history::accept);
        history.cut();
        if (cut == Cut.POWER) {
            tears.tear(readUnguarded());
        }
        List<Contents> onDisk = readUnguarded();
        byte[] sidecar = Files.readAllBytes(target.sidecar());
        check("for reading only", read(onDisk, target.reading()));
        if (!Arrays.equals(sidecar, Files.readAllBytes(target.sidecar()))) {
            throw new AssertionError("a reader has changed the sidecar, " + target);
        }
        try (DirectFile file = DirectFile.open(target.data(), target.writing())) {
            List<Reading> readings = read(onDisk, file);
            check("once recovered", readings);
            Findings findings = settle(file, readings);
            file.force();
            return findings;
        }
    }

    private List<Contents> readUnguarded() throws IOException {
        List<Contents> found = new ArrayList<>();
        try (DirectFile file = DirectFile.open(target.data(), DirectOptions.readOnly());
                PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment memory = arena.allocate(layout.interval());
            for (int i = 0; i < layout.intervals(); i++) {
                found.add(read(file, memory, i));
            }
        }
        return found;
    }

    /** Past the end of the file there are zeros. */
    private Contents read(DirectFile file, MemorySegment memory, int interval) throws IOException {
        long count = file.read(memory, (long) interval * layout.interval());
        memory.asSlice(count).fill((byte) 0);
        return layout.parse(memory, interval);
    }

    private List<Reading> read(List<Contents> onDisk, DirectOptions options) throws IOException {
        try (DirectFile file = DirectFile.open(target.data(), options)) {
            return read(onDisk, file);
        }
    }

    private List<Reading> read(List<Contents> onDisk, DirectFile file) throws IOException {
        List<Reading> readings = new ArrayList<>();
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment memory = arena.allocate(layout.interval());
            for (int i = 0; i < layout.intervals(); i++) {
                try {
                    readings.add(new Reading(onDisk.get(i), read(file, memory, i), null));
                } catch (ProtectionException e) {
                    BadInterval bad = e.intervals().getFirst();
                    if (e.intervals().size() != 1 || bad.interval() != i) {
                        throw new AssertionError("the error is about others, interval=" + i, e);
                    }
                    readings.add(new Reading(onDisk.get(i), null, bad));
                }
            }
        }
        return readings;
    }

    private void check(String opened, List<Reading> readings) {
        List<String> violations = new ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            IntervalHistory of = history.interval(i);
            String violation = readings.get(i).violation(of, target.mode(), cut);
            if (violation != null) {
                violations.add(
                        "%s: %s, interval=%d %s".formatted(violation, readings.get(i), i, of));
            }
        }
        if (!violations.isEmpty()) {
            throw new AssertionError(
                    "%d intervals are not what they may be, opened %s, cut=%s %s: %s"
                            .formatted(
                                    violations.size(),
                                    opened,
                                    cut,
                                    target,
                                    violations.subList(0, Math.min(SHOWN, violations.size()))));
        }
    }

    private Findings settle(DirectFile file, List<Reading> readings) throws IOException {
        long open = 0;
        long lost = 0;
        long torn = 0;
        long refused = 0;
        for (int i = 0; i < readings.size(); i++) {
            IntervalHistory of = history.interval(i);
            Contents read = readings.get(i).read();
            open += of.isSettled() ? 0 : 1;
            torn += of.allowed(cut).contains(readings.get(i).onDisk()) ? 0 : 1;
            if (read == null) {
                refused++;
                rewrite(file, i);
            } else {
                lost += of.hasUnforced() && !of.allowed(Cut.PROCESS).contains(read) ? 1 : 0;
                of.settle(read);
            }
        }
        return new Findings(open, lost, torn, refused);
    }

    /** Makes an interval good again by writing all of it, which must then be read. */
    private void rewrite(DirectFile file, int interval) throws IOException {
        long version = history.newVersion();
        int first = interval * CrashLayout.CELLS;
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment memory = arena.allocate(layout.interval());
            layout.fill(memory, first, CrashLayout.CELLS, version);
            file.write(memory, layout.start(first));
            Contents written = layout.parse(memory, interval);
            Contents read = read(file, memory, interval);
            if (!read.equals(written)) {
                throw new AssertionError(
                        "what was rewritten is not there, interval=%d wrote=%s read=%s"
                                .formatted(interval, written, read));
            }
            history.interval(interval).settle(read);
        }
    }
}
