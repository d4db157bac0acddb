package io.pinbounce.crash;

import io.pinbounce.Completion;
import io.pinbounce.CompletionHandler;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.crash.Claims.Claim;
import io.pinbounce.crash.Event.Kind;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Keeps a queue full of writes and forces, on the thread that makes it. */
final class QueueWriter implements CompletionHandler, AutoCloseable {

    private static final int DEPTH = 16;

    private final DirectFile file;

    private final CrashLayout layout;

    private final Claims claims;

    private final WriterLog log;

    private final WriterForces forces;

    private final DirectQueue queue = DirectQueue.open(DEPTH);

    private final PinnedArena arena = PinnedArena.ofShared();

    private final Slot[] slots = new Slot[DEPTH];

    QueueWriter(
            DirectFile file, CrashLayout layout, Claims claims, WriterLog log, WriterForces forces)
            throws IOException {
        this.file = file;
        this.layout = layout;
        this.claims = claims;
        this.log = log;
        this.forces = forces;
        for (int i = 0; i < DEPTH; i++) {
            slots[i] = new Slot(arena.allocate(Claims.mostBytes(layout)));
        }
    }

    /** A place of the queue. */
    private static final class Slot {

        private final MemorySegment memory;

        private boolean used;

        /** What a write holds; null for a force. */
        private @Nullable Claim claim;

        /** What is said when it has completed. */
        private Kind end = Kind.DONE;

        private long number;

        Slot(MemorySegment memory) {
            this.memory = memory;
        }
    }

    /** Never returns. */
    void run(Random random) throws IOException {
        while (true) {
            for (int i = 0; i < DEPTH; i++) {
                if (!slots[i].used) {
                    slots[i].used = true;
                    ask(slots[i], i, random);
                }
            }
            queue.await(1, this);
        }
    }

    private void ask(Slot slot, int token, Random random) throws IOException {
        boolean due = forces.isDue(random);
        if (due && forces.areLies()) {
            forces.force(file);
        } else if (due && random.nextBoolean()) {
            slot.claim = null;
            slot.end = Kind.FORCED;
            slot.number = log.force();
            queue.force(file, token);
            return;
        }
        Claim claim = claims.take(random);
        long version = log.write(claim.first(), claim.count());
        MemorySegment bytes = slot.memory.asSlice(0, layout.bytes(claim.first(), claim.count()));
        layout.fill(bytes, claim.first(), claim.count(), version);
        boolean durable = due && !forces.areLies();
        slot.claim = claim;
        slot.end = durable ? Kind.DURABLE : Kind.DONE;
        slot.number = version;
        if (durable) {
            queue.writeAndForce(file, bytes, layout.start(claim.first()), token);
        } else {
            queue.write(file, bytes, layout.start(claim.first()), token);
        }
    }

    @Override
    public void completed(Completion completion) throws IOException {
        Slot slot = slots[(int) completion.token()];
        completion.bytes(); // throws what went wrong
        log.say(slot.end, slot.number);
        Claim claim = slot.claim;
        if (claim != null) {
            claims.giveBack(claim);
        }
        slot.used = false;
    }

    @Override
    public void close() throws IOException {
        queue.close();
        arena.close();
    }
}
