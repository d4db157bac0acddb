package io.pinbounce.tool.torture;

import io.pinbounce.tool.torture.TortureCase.Direction;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Does what {@link BlockingRun} does, with many requests in flight while all their buffers are
 * disturbed. Positions of guarded cases are drawn one by one, and may overlap; those of unguarded
 * cases lie side by side, since nothing orders two writes of one block there. Writes are read back
 * with blocking calls: the judge does not depend on the queue.
 */
final class InFlightBatchRun extends QueuedRun {

    /** The buffers of each request. */
    private final List<List<MemorySegment>> memory = new ArrayList<>();

    private final long[] positions;

    private final boolean[] taken;

    private final Disturbance disturbance;

    InFlightBatchRun(Setting setting, InFlightBatch batch) {
        super(setting, batch);
        int depth = cell.kind().isGuarded() ? cell.depth() : set.sideBySide(cell);
        int size = bufferSize();
        boolean same = cell.kind() == TortureCase.SAME_BUFFER_READ;
        MemorySegment all = arena.allocate(same ? size : (long) depth * size);
        for (int i = 0; i < depth; i++) {
            memory.add(buffers(same ? all : all.asSlice((long) i * size, size)));
        }
        positions = new long[depth];
        taken = new boolean[depth];
        disturbance = disturb(all);
    }

    @Override
    void runBatch() throws IOException {
        choosePositions();
        disturbance.begin();
        try {
            for (int i = 0; i < positions.length; i++) {
                switch (cell.kind().direction()) {
                    case READ -> batch.read(file, memory.get(i), positions[i]);
                    case WRITE -> batch.write(file, memory.get(i), positions[i]);
                }
            }
            batch.await((token, agrees) -> taken[token] = agrees);
        } finally {
            disturbance.end();
        }
        for (int i = 0; i < positions.length; i++) {
            judge(taken[i], positions[i]);
            taken[i] = false;
        }
    }

    private void choosePositions() {
        Direction direction = cell.kind().direction();
        List<MemorySegment> buffers = memory.getFirst();
        long length = buffers.size() * buffers.getFirst().byteSize();
        long all = length * positions.length;
        long start = cell.kind().isGuarded() ? 0 : set.position(direction, all, random);
        for (int i = 0; i < positions.length; i++) {
            positions[i] =
                    cell.kind().isGuarded()
                            ? set.position(direction, length, random)
                            : start + i * length;
        }
    }

    @Override
    long mutations() {
        return disturbance.mutations();
    }

    @Override
    public void close() {
        disturbance.close();
        super.close();
    }
}
