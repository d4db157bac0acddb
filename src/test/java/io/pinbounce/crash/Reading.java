package io.pinbounce.crash;

import io.pinbounce.BadInterval;
import io.pinbounce.SidecarOptions.Mode;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What was found in an interval after its writer's end.
 *
 * @param onDisk what is on the disk, read without its tuple
 * @param read what a guarded read brought; null if it was refused
 * @param refused why it was; null if it was not
 */
record Reading(Contents onDisk, @Nullable Contents read, @Nullable BadInterval refused) {

    /**
     * Why this may not be.
     *
     * @param history of the interval
     * @param mode of the sidecar
     * @param cut what ended the writer
     * @return in words; null if it may
     */
    @Nullable String violation(IntervalHistory history, Mode mode, Cut cut) {
        List<Contents> allowed = history.allowed(cut);
        if (history.isPast(onDisk)) {
            return "what was forced is gone";
        }
        if (read != null) {
            if (!read.equals(onDisk)) {
                return "a guarded read brought something else than is there";
            }
            return allowed.contains(read)
                    ? null
                    : "a guarded read let through what was not written";
        }
        if (history.isSettled()) {
            return "nothing was written since the last force, and yet it is refused";
        }
        if (mode == Mode.JOURNAL && allowed.contains(onDisk)) {
            return "a whole version is refused";
        }
        for (int i = 0; i < CrashLayout.CELLS; i++) {
            if (!mayBePart(onDisk.versions().get(i), i, allowed)) {
                return "a part of it is neither old nor new, cell=" + i;
            }
        }
        return null;
    }

    private static boolean mayBePart(long version, int cell, List<Contents> allowed) {
        return version == Contents.TORN
                || allowed.stream().anyMatch(one -> one.versions().get(cell) == version);
    }

    @Override
    public String toString() {
        return "there is %s, and a read %s"
                .formatted(onDisk, refused == null ? "brought " + read : "was refused: " + refused);
    }
}
