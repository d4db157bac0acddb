package io.pinbounce.tool.bench.peers;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.Transfer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Pinbounce's own blocking calls, the caller's memory pinned. */
final class DirectFilePeer extends BlockingPeer {

    private final DirectFile file;

    private final MemorySegment[] blocks;

    DirectFilePeer(Load load) throws IOException {
        super(load);
        blocks = new MemorySegment[load.depth()];
        for (int slot = 0; slot < blocks.length; slot++) {
            blocks[slot] = load.block(slot);
        }
        file = DirectFile.open(load.path(), DirectOptions.readWrite().transfer(Transfer.PIN));
    }

    @Override
    long transfer(Direction direction, int slot, long position) throws IOException {
        MemorySegment block = blocks[slot];
        return switch (direction) {
            case READ -> file.read(block, position);
            case WRITE -> {
                file.write(block, position);
                yield block.byteSize();
            }
        };
    }

    @Override
    void closeFile() throws IOException {
        file.close();
    }
}
