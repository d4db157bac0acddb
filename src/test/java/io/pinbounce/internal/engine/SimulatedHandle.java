package io.pinbounce.internal.engine;

import io.pinbounce.internal.linux.OpenFlags;

/** What an open handle stands for, and who owns its lock: no two are equal. */
final class SimulatedHandle {

    /** What becomes of a write. */
    enum Mode {
        /** It is pending until the file is forced. */
        CACHED,
        /** It is durable once it is done. */
        DSYNC
    }

    final SimulatedFile file;

    final Mode mode;

    SimulatedHandle(SimulatedFile file, int flags) {
        this.file = file;
        mode = (flags & OpenFlags.O_DSYNC) != 0 ? Mode.DSYNC : Mode.CACHED;
    }
}
