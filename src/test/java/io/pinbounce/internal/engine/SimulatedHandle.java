package io.pinbounce.internal.engine;

import io.pinbounce.internal.linux.OpenFlags;

/** An open file, which also owns its lock: no two are equal. */
final class SimulatedHandle {

    /** When a write becomes durable. */
    enum Mode {
        /** When the file is forced. */
        CACHED,
        /** When the write is done. */
        DSYNC
    }

    final SimulatedFile file;

    final Mode mode;

    SimulatedHandle(SimulatedFile file, int flags) {
        this.file = file;
        mode = (flags & OpenFlags.O_DSYNC) != 0 ? Mode.DSYNC : Mode.CACHED;
    }
}
