package io.pinbounce.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes random requests, a few at a time, in memory that it gives back and gets anew at random. The
 * blocks of the pinned file that it writes are its own, and it knows what is in them.
 */
final class StressActor implements AutoCloseable {

    /** Requests at a time. */
    static final int BATCH = 8;

    private static final int OWN = 8; // blocks of the pinned file

    /** The most actors: each has blocks of its own. */
    static final int MOST = StressFiles.BLOCKS / OWN;

    private static final long MEMORY = (long) BATCH * Stamp.BLOCK;

    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[(int) MEMORY]);

    /** How requests are carried out. */
    interface Way {

        /** Carries all of them out, to the end; those on files that are closed, it refuses. */
        void carryOut(List<StressRequest> requests) throws Exception;
    }

    private final StressFiles files;

    private final int id;

    private final Random random;

    private final long[] versions = new long[OWN];

    private PinnedArena arena = PinnedArena.ofShared();

    private MemorySegment memory = fresh();

    private long written;

    private long checked;

    StressActor(StressFiles files, int id, long seed) {
        this.files = files;
        this.id = id;
        random = new Random(seed + id);
        for (int i = 0; i < OWN; i++) {
            versions[i] = -1; // as the file was made
        }
    }

    private MemorySegment fresh() {
        MemorySegment all = arena.allocate(MEMORY);
        assertEquals(-1, all.mismatch(ZEROS), "new memory is not zero");
        return all;
    }

    void renew() {
        arena.close();
        arena = PinnedArena.ofShared();
        memory = fresh();
    }

    /** Makes some requests, and checks what they bring. */
    void step(Way way) throws Exception {
        if (random.nextInt(16) == 0) {
            renew(); // nothing is in flight
        }
        if (random.nextInt(64) == 0) {
            files.reopen(random.nextInt(StressFiles.PINNED + 1));
        }
        List<StressRequest> requests = requests(1 + random.nextInt(BATCH));
        way.carryOut(requests);
        for (StressRequest request : requests) {
            request.check();
            if (!request.isRefused()) {
                checked++;
                learn(request);
            }
        }
    }

    /** Requests on blocks that differ, so that their order does not matter. */
    List<StressRequest> requests(int count) {
        List<StressRequest> requests = new ArrayList<>();
        Set<Long> taken = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int file = random.nextInt(StressFiles.PINNED + 1);
            boolean pinned = file == StressFiles.PINNED;
            int block =
                    pinned ? id * OWN + random.nextInt(OWN) : random.nextInt(StressFiles.BLOCKS);
            if (taken.add(StressFiles.number(file, block))) {
                requests.add(
                        request(file, block, memory.asSlice((long) i * Stamp.BLOCK, Stamp.BLOCK)));
            }
        }
        return requests;
    }

    private StressRequest request(int file, int block, MemorySegment bytes) {
        DirectFile target = files.get(file);
        long number = StressFiles.number(file, block);
        if (random.nextInt(3) == 0) {
            Stamp next = new Stamp(number, id, ++written);
            return StressRequest.write(target, bytes, (long) block * Stamp.BLOCK, next);
        }
        long position = files.readPosition(block);
        if (file != StressFiles.PINNED) {
            return StressRequest.readAny(target, bytes, position, number);
        }
        long version = versions[block % OWN];
        Stamp last = version < 0 ? StressFiles.original(number) : new Stamp(number, id, version);
        return StressRequest.read(target, bytes, position, last);
    }

    private void learn(StressRequest request) {
        long number = request.stamp().number();
        if (request.kind == StressRequest.Kind.WRITE
                && number / StressFiles.BLOCKS == StressFiles.PINNED) {
            versions[(int) (number % OWN)] = request.stamp().version();
        }
    }

    /** How many requests have been checked. */
    long checked() {
        return checked;
    }

    Random random() {
        return random;
    }

    @Override
    public void close() throws IOException {
        arena.close();
    }
}
