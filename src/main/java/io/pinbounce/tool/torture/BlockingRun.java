package io.pinbounce.tool.torture;

import io.pinbounce.tool.torture.TortureCase.Direction;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** One blocking call after the other, on a buffer that is disturbed meanwhile. */
final class BlockingRun extends CellRun {

    private final List<MemorySegment> memory;

    private final Disturbance disturbance;

    /** Prepares a cell and starts what disturbs it. */
    BlockingRun(Setting setting) {
        super(setting);
        MemorySegment buffer = arena.allocate(bufferSize());
        memory = List.copyOf(buffers(buffer));
        disturbance = disturb(buffer);
    }

    @Override
    void operate() throws IOException {
        Direction direction = cell.kind().direction();
        long length = memory.size() * memory.getFirst().byteSize();
        long position = set.position(direction, length, random);
        disturbance.begin();
        boolean taken;
        try {
            taken =
                    direction == Direction.READ
                            ? succeeds(() -> file.read(memory, position))
                            : succeeds(() -> file.write(memory, position));
        } finally {
            disturbance.end();
        }
        judge(taken, position);
    }

    @Override
    String engine() {
        return file.engine();
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
