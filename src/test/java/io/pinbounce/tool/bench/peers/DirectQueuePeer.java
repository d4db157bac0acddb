package io.pinbounce.tool.bench.peers;

import io.pinbounce.Completion;
import io.pinbounce.CompletionHandler;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.Transfer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Pinbounce's own queue on one thread, the caller's memory pinned. */
final class DirectQueuePeer implements Peer, CompletionHandler {

    private final Load load;

    private final MemorySegment[] blocks;

    private final DirectFile file;

    private final DirectQueue queue;

    private Direction direction = Direction.READ;

    private long toStart;

    DirectQueuePeer(Load load) throws IOException {
        this.load = load;
        blocks = new MemorySegment[load.depth()];
        for (int slot = 0; slot < blocks.length; slot++) {
            blocks[slot] = load.block(slot);
        }
        file = DirectFile.open(load.path(), DirectOptions.readWrite().transfer(Transfer.PIN));
        queue = DirectQueue.open(load.depth(), Engine.REQUIRED_URING);
    }

    @Override
    public void move(Direction wanted, long requests) throws IOException {
        direction = wanted;
        toStart = requests;
        for (int slot = 0; slot < blocks.length; slot++) {
            start(slot);
        }
        while (queue.pending() > 0) {
            queue.await(1, this);
        }
    }

    private void start(int slot) throws IOException {
        if (toStart == 0) {
            return;
        }
        toStart--;
        switch (direction) {
            case READ -> queue.read(file, blocks[slot], load.next(), slot);
            case WRITE -> queue.write(file, blocks[slot], load.next(), slot);
        }
    }

    @Override
    public void completed(Completion completion) throws IOException {
        load.check(completion.bytes());
        start((int) completion.token());
    }

    @Override
    public void close() throws IOException {
        queue.close();
        file.close();
    }
}
