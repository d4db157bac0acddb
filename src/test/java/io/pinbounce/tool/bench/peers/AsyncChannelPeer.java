package io.pinbounce.tool.bench.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The JDK's asynchronous channel, with a thread for each request in flight: with the default pool
 * it would start threads without bound. Handlers start the next request.
 */
final class AsyncChannelPeer implements Peer {

    private final Load load;

    private final ExecutorService threads;

    private final AsynchronousFileChannel channel;

    private final ByteBuffer[] buffers;

    AsyncChannelPeer(Load load) throws IOException {
        this.load = load;
        buffers = load.buffers();
        threads = Executors.newFixedThreadPool(load.depth());
        channel =
                AsynchronousFileChannel.open(
                        load.path(),
                        Set.of(
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                JdkDirect.option()),
                        threads);
    }

    @Override
    public void move(Direction direction, long requests) throws IOException {
        Chains chains = new Chains(buffers.length, requests);
        for (int slot = 0; slot < buffers.length; slot++) {
            new Chain(chains, direction, buffers[slot]).next();
        }
        chains.await();
    }

    private final class Chain implements CompletionHandler<Integer, Chains> {

        private final Chains chains;

        private final Direction direction;

        private final ByteBuffer buffer;

        Chain(Chains chains, Direction direction, ByteBuffer buffer) {
            this.chains = chains;
            this.direction = direction;
            this.buffer = buffer;
        }

        void next() {
            if (!chains.take()) {
                return;
            }
            switch (direction) {
                case READ -> channel.read(buffer.clear(), load.next(), chains, this);
                case WRITE -> channel.write(buffer.clear(), load.next(), chains, this);
            }
        }

        @Override
        public void completed(Integer bytes, Chains attached) {
            try {
                load.check(bytes);
            } catch (IOException e) {
                chains.fail(e);
                return;
            }
            next();
        }

        @Override
        public void failed(Throwable cause, Chains attached) {
            chains.fail(cause);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        threads.close();
    }
}
