package io.pinbounce.torture;

import io.pinbounce.torture.TortureCase.Direction;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What the blocking calls go through, with many in flight while all their buffers are disturbed.
 * Their places on the target are drawn one by one and may overlap. Writes are read back with
 * blocking calls: the judge does not depend on the queue.
 */
final class VolleyRun extends QueuedRun {

    /** The buffers of each request. */
    private final List<List<MemorySegment>> memory = new ArrayList<>();

    private final long[] positions;

    private final boolean[] good;

    private final MemorySegment readBack;

    private final Disturbance disturbance;

    VolleyRun(Setting setting, Volley volley) {
        super(setting, volley);
        int depth = cell.depth();
        int size = bufferSize();
        boolean same = cell.kind() == TortureCase.SAME_BUFFER_READ;
        MemorySegment all = arena.allocate(same ? size : (long) depth * size);
        for (int i = 0; i < depth; i++) {
            memory.add(buffers(same ? all : all.asSlice((long) i * size, size)));
        }
        positions = new long[depth];
        good = new boolean[depth];
        readBack = arena.allocate(cell.size());
        disturbance = disturb(all);
    }

    @Override
    void fire() throws IOException {
        disturbance.begin();
        try {
            for (int i = 0; i < positions.length; i++) {
                ask(i);
            }
            volley.await((token, agrees) -> good[token] = agrees);
        } finally {
            disturbance.end();
        }
        for (int i = 0; i < positions.length; i++) {
            long position = positions[i];
            judge(
                    good[i]
                            && (cell.kind().direction() == Direction.READ
                                    || succeeds(() -> set.quiet().read(readBack, position))));
            good[i] = false;
        }
    }

    private void ask(int i) throws IOException {
        Direction direction = cell.kind().direction();
        List<MemorySegment> buffers = memory.get(i);
        long length = buffers.size() * buffers.getFirst().byteSize();
        positions[i] = set.position(direction, length, random);
        switch (direction) {
            case READ -> volley.read(file, buffers, positions[i]);
            case WRITE -> volley.write(file, buffers, positions[i]);
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
