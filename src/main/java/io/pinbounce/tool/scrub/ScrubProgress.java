package io.pinbounce.tool.scrub;

import java.time.Duration;

/**
 * How far a run has got.
 *
 * @param done bytes that are done
 * @param total bytes in all
 * @param elapsed how long it took
 * @param bad intervals that are bad, those that could not be read included
 */
public record ScrubProgress(long done, long total, Duration elapsed, long bad) {

    /**
     * How fast it is.
     *
     * @return bytes in a second, since the start
     */
    public double bytesPerSecond() {
        return done * 1e9 / Math.max(1, elapsed.toNanos());
    }

    /**
     * How long the rest takes at that speed.
     *
     * @return a duration; that of ages before anything is done
     */
    public Duration left() {
        double nanos = (total - done) / (double) Math.max(1, done) * elapsed.toNanos();
        return Duration.ofNanos((long) Math.min(nanos, Long.MAX_VALUE));
    }
}
