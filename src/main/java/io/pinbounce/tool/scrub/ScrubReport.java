package io.pinbounce.tool.scrub;

import io.pinbounce.BadInterval;

import java.time.Duration;
import java.util.List;

/**
 * What a scrub found.
 *
 * @param ending whether it saw everything
 * @param bytes that were looked at
 * @param total bytes that there are to look at
 * @param intervals in the bytes that were looked at
 * @param unprotected intervals that no tuple protects
 * @param damaged intervals that are bad
 * @param bad the bad intervals in the order of the file, as many of them as are kept
 * @param unreadable what the device did not give out, in the order of the file
 * @param unreadableIntervals intervals in that
 * @param sidecarDamage what is wrong with the sidecar itself, in words
 * @param duration how long it took
 */
public record ScrubReport(
        Ending ending,
        long bytes,
        long total,
        long intervals,
        long unprotected,
        long damaged,
        List<BadInterval> bad,
        List<UnreadableRange> unreadable,
        long unreadableIntervals,
        List<String> sidecarDamage,
        Duration duration) {

    /** The outcome of a scrub. */
    public enum Verdict {
        /** Everything that is protected is as it was written. */
        CLEAN,
        /** Data or sidecar is damaged, or cannot be read. */
        DAMAGED,
        /** It was stopped before it found anything. */
        UNFINISHED
    }

    /** Keeps its own copies of the lists. */
    public ScrubReport {
        bad = List.copyOf(bad);
        unreadable = List.copyOf(unreadable);
        sidecarDamage = List.copyOf(sidecarDamage);
    }

    /**
     * The same with what is known of the sidecar.
     *
     * @param damage what is wrong with it, in words; empty if nothing is
     * @return a new report
     */
    public ScrubReport withSidecarDamage(List<String> damage) {
        return new ScrubReport(
                ending,
                bytes,
                total,
                intervals,
                unprotected,
                damaged,
                bad,
                unreadable,
                unreadableIntervals,
                damage,
                duration);
    }

    /**
     * Intervals whose data and tuple agree.
     *
     * @return how many
     */
    public long clean() {
        return intervals - unprotected - damaged - unreadableIntervals;
    }

    /**
     * Judges the scrub. Unprotected intervals are no damage.
     *
     * @return damage, if there is any, also of a scrub that was stopped
     */
    public Verdict verdict() {
        if (damaged > 0 || unreadableIntervals > 0 || !sidecarDamage.isEmpty()) {
            return Verdict.DAMAGED;
        }
        return ending == Ending.COMPLETE ? Verdict.CLEAN : Verdict.UNFINISHED;
    }
}
