package io.pinbounce.tool.scrub;

import java.time.Duration;
import java.util.List;

/**
 * What was sealed.
 *
 * @param ending whether all of it is done
 * @param bytes that were gone over
 * @param total bytes that there are to go over
 * @param sealed bytes that are protected now and were not before, or were in another way
 * @param unreadable what the device did not give out, in the order of the file; it stays as it was
 * @param duration how long it took
 */
public record SealReport(
        Ending ending,
        long bytes,
        long total,
        long sealed,
        List<UnreadableRange> unreadable,
        Duration duration) {

    /** Keeps its own copy of the list. */
    public SealReport {
        unreadable = List.copyOf(unreadable);
    }
}
