package io.pinbounce.crash;

import io.pinbounce.Bypass;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;

/**
 * Does what a disk may do when its power goes: of an interval that was written since the last
 * force, some sectors are old and others new. A cache that drops all that was not synced does so
 * too rarely.
 */
final class Tears {

    /** In each round. */
    private static final int TRIES = 8;

    /** Pieces of an interval, none of which holds all of a cell: no tear makes another version. */
    private static final int PIECES = 2 * CrashLayout.CELLS;

    private final CrashTarget target;

    private final CrashLayout layout;

    private final CrashHistory history;

    private final Random random;

    Tears(CrashTarget target, CrashHistory history, Random random) {
        this.target = target;
        this.layout = target.layout();
        this.history = history;
        this.random = random;
    }

    /** Tears some intervals that are not settled. */
    void tear(List<Contents> onDisk) throws IOException {
        DirectOptions past = DirectOptions.readWrite().bypass(Bypass.ALLOWED);
        try (DirectFile file = DirectFile.open(target.data(), past)) {
            for (int i = 0; i < TRIES; i++) {
                int interval = random.nextInt(layout.intervals());
                List<Contents> may = history.interval(interval).allowed(Cut.POWER);
                boolean isThere = (interval + 1L) * layout.interval() <= file.size();
                // Whether something is lost that was forced is for the judge to see.
                if (isThere && may.size() > 1 && may.contains(onDisk.get(interval))) {
                    tear(file, interval, may.get(random.nextInt(may.size())));
                }
            }
            file.force();
        }
    }

    private void tear(DirectFile file, int interval, Contents other) throws IOException {
        MemorySegment memory = MemorySegment.ofArray(new byte[layout.interval()]);
        layout.fill(memory, interval, other);
        int size = layout.interval() / PIECES;
        int at = random.nextInt(PIECES) * size;
        file.write(memory.asSlice(at, size), (long) interval * layout.interval() + at);
    }
}
