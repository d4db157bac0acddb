package io.pinbounce.tool.bench;

import java.util.concurrent.TimeUnit;

/**
 * For how long something is measured.
 *
 * @param rampNanos before anything is counted: caches fill, and the queue
 * @param nanos that are counted
 */
record Window(long rampNanos, long nanos) {

    /** What comparisons use. */
    static final Window USUAL = ofMillis(100, 500);

    /** The same, or longer. */
    Window atLeast(long shortest) {
        return new Window(rampNanos, Math.max(nanos, shortest));
    }

    static Window ofMillis(long ramp, long counted) {
        return new Window(
                TimeUnit.MILLISECONDS.toNanos(ramp), TimeUnit.MILLISECONDS.toNanos(counted));
    }
}
