package io.pinbounce.tool.bench.peers;

import one.jasyncfio.AsyncFile;
import one.jasyncfio.EventExecutor;
import one.jasyncfio.OpenOption;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * jasyncfio's vectored calls: the plain ones of a file that is opened for direct I/O need polled
 * completion, which few devices have. Its thread spins for a while before it sleeps; that is cut to
 * a millisecond, for it would spin on through the other contestant's turn.
 */
final class JasyncfioPeer implements Peer {

    private final Load load;

    /** Its thread is a daemon, like the one that makes it: an executor may outlive its closing. */
    private final EventExecutor executor =
            CompletableFuture.supplyAsync(
                            () -> EventExecutor.builder().entries(64).sleepTimeout(1).build())
                    .join();

    private final AsyncFile file;

    private final ByteBuffer[] buffers;

    JasyncfioPeer(Load load) throws IOException {
        this.load = load;
        buffers = load.buffers();
        // The pool that the first call makes never ends, so its thread must be a daemon too.
        file = result(CompletableFuture.supplyAsync(() -> openDirect(load.path(), executor)));
    }

    private static AsyncFile openDirect(Path path, EventExecutor executor) {
        return AsyncFile.open(path, executor, OpenOption.READ_WRITE, OpenOption.DIRECT).join();
    }

    @Override
    public void move(Direction direction, long requests) throws IOException {
        Chains chains = new Chains(buffers.length, requests);
        for (ByteBuffer buffer : buffers) {
            new Chain(chains, direction, new ByteBuffer[] {buffer}).next();
        }
        chains.await();
    }

    private final class Chain {

        private final Chains chains;

        private final Direction direction;

        private final ByteBuffer[] buffers;

        Chain(Chains chains, Direction direction, ByteBuffer[] buffers) {
            this.chains = chains;
            this.direction = direction;
            this.buffers = buffers;
        }

        void next() {
            if (!chains.take()) {
                return;
            }
            buffers[0].clear();
            long position = load.next();
            CompletableFuture<?> _ =
                    switch (direction) {
                        case READ -> file.read(buffers, position, 1).handle(this::ended);
                        case WRITE -> file.write(buffers, position, 1).handle(this::ended);
                    };
        }

        private boolean ended(Integer bytes, Throwable failure) {
            try {
                if (failure != null) {
                    throw failure;
                }
                load.check(bytes);
                next();
                return true;
            } catch (Throwable e) {
                chains.fail(e);
                return false;
            }
        }
    }

    private static <T> T result(CompletableFuture<T> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw new IOException("jasyncfio failed: " + e.getCause(), e);
        }
    }

    /** The executor overlooks that it is closed, unless its own thread does it. */
    @Override
    public void close() throws IOException {
        result(file.close().thenRun(this::closeExecutor));
    }

    private void closeExecutor() {
        try {
            executor.close();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
