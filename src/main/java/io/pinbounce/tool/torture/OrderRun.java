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
 * <p>Each write has contents of its own, which its read must have brought when it completes. Until
 * then its memory holds the contents of an older request, so a completion that comes too early
 * shows as well as one that belongs to another request.
 */
final class OrderRun extends QueuedRun {

    private final MemorySegment out;

    private final MemorySegment in;

    private final int[] contents;

    private int lastContents;

    OrderRun(Setting setting, InFlightBatch batch) {
        super(setting, batch);
        contents = new int[cell.depth() / 2];
        long size = (long) contents.length * cell.size();
        out = arena.allocate(size);
        in = arena.allocate(size);
    }

    @Override
    void runBatch() throws IOException {
        long start = set.position(cell.kind().direction(), out.byteSize(), random);
        for (int pair = 0; pair < contents.length; pair++) {
            contents[pair] = ++lastContents;
            long position = start + (long) pair * cell.size();
            MemorySegment source = slice(out, pair);
            RequestContents.fill(source, lastContents);
            batch.write(file, List.of(source), position);
            batch.read(file, List.of(slice(in, pair)), position);
        }
        batch.await(this::completed);
    }

    private void completed(int token, boolean agrees) {
        judge(agrees);
        int pair = token / 2;
        if (token % 2 == 1 && agrees && !RequestContents.areIn(slice(in, pair), contents[pair])) {
            misplace(1);
        }
    }

    private MemorySegment slice(MemorySegment memory, int pair) {
        return memory.asSlice((long) pair * cell.size(), cell.size());
    }

    @Override
    long mutations() {
        return batch.overtakings();
    }
}
