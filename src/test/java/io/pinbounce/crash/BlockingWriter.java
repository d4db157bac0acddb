package io.pinbounce.crash;

import io.pinbounce.DirectFile;
import io.pinbounce.crash.Claims.Claim;
import io.pinbounce.crash.Event.Kind;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Writes with blocking calls, on a thread of its own. */
final class BlockingWriter {

    private final DirectFile file;

    private final CrashLayout layout;

    private final Claims claims;

    private final WriterLog log;

    private final WriterForces forces;

    BlockingWriter(
            DirectFile file,
            CrashLayout layout,
            Claims claims,
            WriterLog log,
            WriterForces forces) {
        this.file = file;
        this.layout = layout;
        this.claims = claims;
        this.log = log;
        this.forces = forces;
    }

    /** Never returns. */
    int run(Random random) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Claims.mostBytes(layout));
            while (true) {
                if (forces.isDue(random)) {
                    forces.force(file);
                }
                Claim claim = claims.take(random);
                long version = log.write(claim.first(), claim.count());
                MemorySegment bytes = memory.asSlice(0, layout.bytes(claim.first(), claim.count()));
                layout.fill(bytes, claim.first(), claim.count(), version);
                file.write(bytes, layout.start(claim.first()));
                log.say(Kind.DONE, version);
                claims.giveBack(claim);
            }
        }
    }
}
