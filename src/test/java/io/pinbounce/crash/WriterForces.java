package io.pinbounce.crash;

import io.pinbounce.DirectFile;
import io.pinbounce.crash.CrashWriter.Conduct;
import io.pinbounce.crash.Event.Kind;

import java.io.IOException;
import java.util.Random;

/** How often a writer forces, which its seed decides, and how that is told. */
final class WriterForces {

    private static final int FEWEST = 8;

    private final WriterLog log;

    private final Conduct conduct;

    /** Writes to a force, on the average: few, or so many that a log may be full before. */
    private final int writes;

    WriterForces(WriterLog log, Conduct conduct, long seed) {
        this.log = log;
        this.conduct = conduct;
        writes = FEWEST << (areLies() ? 0 : new Random(seed).nextInt(9));
    }

    /** Whether the writer is to force now. */
    boolean isDue(Random random) {
        return random.nextInt(writes) == 0;
    }

    /** Whether the writer says that it forces, but does not. */
    boolean areLies() {
        return conduct == Conduct.LIES;
    }

    /** Waits for a force, or lies. */
    void force(DirectFile file) throws IOException {
        long number = log.force();
        if (!areLies()) {
            file.force();
        }
        log.say(Kind.FORCED, number);
    }
}
