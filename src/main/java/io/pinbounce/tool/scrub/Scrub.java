package io.pinbounce.tool.scrub;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectQueue;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Reads data that is guarded, and says what of it is not as it was written.
 *
 * <pre>{@code
 * ScrubTarget target = ScrubTarget.of(path, null);
 * SidecarInfo info = target.info();
 * Scrub scrub = new Scrub(info.context().interval(), 1000);
 * ScrubReport report =
 *         target.scrub(scrub, info, Identity.CHECKED, Scrub.DEPTH, soFar -> {});
 * report.bad().forEach(bad -> repair(bad.position()));
 * }</pre>
 *
 * <p>One thread runs it; any other may {@link #stop} it.
 */
public final class Scrub {

    /** Requests in flight that keep a disk busy. */
    public static final int DEPTH = 16;

    private final int interval;

    private final int most;

    private volatile boolean stopped;

    /**
     * A scrub that has not run yet.
     *
     * @param interval bytes in an interval of its protection
     * @param most bad intervals that the report keeps; all are counted
     */
    public Scrub(int interval, int most) {
        this.interval = interval;
        this.most = most;
    }

    /** Makes the run end soon. */
    public void stop() {
        stopped = true;
    }

    /**
     * Reads all of a file that is open with {@link io.pinbounce.Transfer#PIN}: no other code knows
     * the memory that is read into, so there is nothing to bounce for.
     *
     * @param file open for this run alone, since what it counts is part of the report
     * @param queue opened by this thread, and used for nothing else meanwhile
     * @param listener is told how the run gets on
     * @return what was found
     * @throws IOException if the file fails in a way that is no damage
     */
    public ScrubReport run(DirectFile file, DirectQueue queue, ScrubListener listener)
            throws IOException {
        return run(file, queue, SweepRange.all(file, interval), listener);
    }

    /**
     * Reads some intervals of a file that is open with {@link io.pinbounce.Transfer#BOUNCE}: they
     * need not start or end with a block.
     *
     * @param file open for this run alone, since what it counts is part of the report
     * @param queue opened by this thread, and used for nothing else meanwhile
     * @param intervals which; what lies past the end of the file is left out
     * @param listener is told how the run gets on
     * @return what was found
     * @throws IOException if the file fails in a way that is no damage
     */
    public ScrubReport run(
            DirectFile file, DirectQueue queue, IntervalRange intervals, ScrubListener listener)
            throws IOException {
        return run(file, queue, SweepRange.of(file, interval, intervals), listener);
    }

    /**
     * Holes are verified unread, after a force: until then, data in a cache may look like a hole.
     */
    private static Sweep.Holes holes(DirectFile file) throws IOException {
        try {
            file.force();
            return file::verifyHole;
        } catch (DirectIoException _) {
            return Sweep.Holes.NONE; // everything is read
        }
    }

    private ScrubReport run(
            DirectFile file, DirectQueue queue, SweepRange range, ScrubListener listener)
            throws IOException {
        Sweep sweep = new Sweep(queue, new Findings(interval, most), listener, () -> stopped);
        long unverifiedBefore = file.counts().unverifiedIntervals();
        Sweep.Result result;
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment memory = arena.allocate(range.size() * queue.depth());
            result =
                    sweep.run(
                            range,
                            holes(file),
                            Sweep.Unprotected.PASSED,
                            (slot, position, length) ->
                                    queue.read(
                                            file,
                                            memory.asSlice(slot * range.size(), length),
                                            position,
                                            slot));
        }
        Findings findings = result.findings();
        long unprotected =
                file.counts().unverifiedIntervals()
                        - unverifiedBefore
                        + Alignment.up(result.passed(), interval) / interval;
        return new ScrubReport(
                result.ending(),
                result.done(),
                range.length(),
                Alignment.up(result.done(), interval) / interval,
                unprotected,
                findings.damaged(),
                findings.bad(),
                findings.unreadable(),
                findings.unreadableIntervals(),
                List.of(),
                result.duration());
    }
}
