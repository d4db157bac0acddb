package io.pinbounce.tool.torture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Requests that overtake each other: pairs of a write and a read of the very bytes it writes, all
 * asked for at once. The read waits for its write inside the queue, while later writes go on:
 *
 * <pre>
 *  asked for   write 0, read 1, write 2, read 3, ...
 *  completed   write 0, write 2, ..., read 1, read 3, ...
 * </pre>
 *
 * <p>Each write has a stamp of its own, which its read must bring by the time it completes. Memory
 * still holds an older stamp before that, so a completion that comes too early shows as well as one
 * that is another's.
 */
final class OrderRun extends QueuedRun {

    private final MemorySegment out;

    private final MemorySegment in;

    private final int[] stamps;

    private int stamp;

    OrderRun(Setting setting, Volley volley) {
        super(setting, volley);
        stamps = new int[cell.depth() / 2];
        long size = (long) stamps.length * cell.size();
        out = arena.allocate(size);
        in = arena.allocate(size);
    }

    @Override
    void fire() throws IOException {
        long start = set.position(cell.kind().direction(), out.byteSize(), random);
        for (int pair = 0; pair < stamps.length; pair++) {
            stamps[pair] = ++stamp;
            long position = start + (long) pair * cell.size();
            MemorySegment source = slice(out, pair);
            Stamp.put(source, stamp);
            volley.write(file, List.of(source), position);
            volley.read(file, List.of(slice(in, pair)), position);
        }
        volley.await(this::arrived);
    }

    private void arrived(int token, boolean agrees) {
        judge(agrees);
        int pair = token / 2;
        if (token % 2 == 1 && agrees && !Stamp.isIn(slice(in, pair), stamps[pair])) {
            misplace(1);
        }
    }

    private MemorySegment slice(MemorySegment memory, int pair) {
        return memory.asSlice((long) pair * cell.size(), cell.size());
    }

    @Override
    long mutations() {
        return volley.overtakings();
    }
}
