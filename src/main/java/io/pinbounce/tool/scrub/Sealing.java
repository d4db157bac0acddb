package io.pinbounce.tool.scrub;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;

import java.io.IOException;

/**
 * Protects data as it is. What was sealed is durable even if the run was stopped, so the next run
 * goes on from there.
 *
 * <p>One thread runs it; any other may {@link #stop} it.
 */
public final class Sealing {

    private final int interval;

    private final int most;

    private volatile boolean stopped;

    /**
     * A sealing that has not run yet.
     *
     * @param interval bytes in an interval of its protection
     * @param most unreadable ranges that the report keeps
     */
    public Sealing(int interval, int most) {
        this.interval = interval;
        this.most = most;
    }

    /** Makes the run end soon. */
    public void stop() {
        stopped = true;
    }

    /**
     * Protects what is not protected, in all of the file.
     *
     * @param file open for writing
     * @param queue opened by this thread, and used for nothing else meanwhile
     * @param listener is told how the run gets on
     * @return what was done
     * @throws IOException if the file fails in a way that a range of it alone does not explain
     */
    public SealReport run(DirectFile file, DirectQueue queue, ScrubListener listener)
            throws IOException {
        SweepRange range = SweepRange.all(file, interval);
        file.force(); // until then, data in a cache may look like a hole
        return report(
                file,
                range,
                sweep(queue, listener)
                        .run(
                                range,
                                file::verifyHole,
                                Sweep.Unprotected.ASKED,
                                (slot, position, length) ->
                                        queue.sealUnprotected(file, position, length, slot)));
    }

    /**
     * Protects some intervals as they are, even if they were damaged.
     *
     * @param file open for writing
     * @param queue opened by this thread, and used for nothing else meanwhile
     * @param intervals which; what lies past the end of the file is left out
     * @param listener is told how the run gets on
     * @return what was done
     * @throws IOException if the file fails in a way that a range of it alone does not explain
     */
    public SealReport run(
            DirectFile file, DirectQueue queue, IntervalRange intervals, ScrubListener listener)
            throws IOException {
        SweepRange range = SweepRange.of(file, interval, intervals);
        return report(
                file,
                range,
                sweep(queue, listener)
                        .run(
                                range,
                                Sweep.Holes.NONE,
                                Sweep.Unprotected.ASKED,
                                (slot, position, length) ->
                                        queue.seal(file, position, length, slot)));
    }

    private Sweep sweep(DirectQueue queue, ScrubListener listener) {
        return new Sweep(queue, new Findings(interval, most), listener, () -> stopped);
    }

    private static SealReport report(DirectFile file, SweepRange range, Sweep.Result result)
            throws IOException {
        file.force();
        return new SealReport(
                result.ending(),
                result.done(),
                range.length(),
                result.moved(),
                result.findings().unreadable(),
                result.duration());
    }
}
