package io.pinbounce.tool.bench.peers;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A peer whose calls block: one request at a time on the caller's thread, more of them on as many
 * threads, which is all that such a peer can do.
 */
abstract class BlockingPeer implements Peer {

    private final Load load;

    private final ExecutorService threads;

    BlockingPeer(Load load) {
        this.load = load;
        threads = Executors.newFixedThreadPool(load.depth());
    }

    /**
     * Moves one block.
     *
     * @param direction of the data
     * @param slot whose memory is used
     * @param position in the file
     * @return how many bytes have been moved
     */
    abstract long transfer(Direction direction, int slot, long position) throws IOException;

    /** Closes the file; no request is under way. */
    abstract void closeFile() throws IOException;

    @Override
    public final void move(Direction direction, long requests) throws IOException {
        if (load.depth() > 1) {
            moveOnThreads(direction, requests);
            return;
        }
        for (long i = 0; i < requests; i++) {
            load.check(transfer(direction, 0, load.next()));
        }
    }

    private void moveOnThreads(Direction direction, long requests) throws IOException {
        Chains chains = new Chains(load.depth(), requests);
        for (int i = 0; i < load.depth(); i++) {
            int slot = i;
            threads.execute(() -> drive(chains, direction, slot));
        }
        chains.await();
    }

    private void drive(Chains chains, Direction direction, int slot) {
        try {
            while (chains.take()) {
                load.check(transfer(direction, slot, load.next()));
            }
        } catch (IOException | RuntimeException e) {
            chains.fail(e);
        }
    }

    @Override
    public final void close() throws IOException {
        threads.close();
        closeFile();
    }
}
