package io.pinbounce.tool.bench.peers;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Netty's ring. Netty has no files, but takes any operation of a handle that it is given; here the
 * caller's thread drives it, without an event loop's hand-over, and so as fast as it can be.
 */
final class NettyPeer implements Peer, IoUringIoHandle {

    /** IORING_OP_READ and IORING_OP_WRITE of the kernel's linux/io_uring.h. */
    private static final byte OP_READ = 22;

    private static final byte OP_WRITE = 23;

    private final Load load;

    private final PosixFile file;

    private final IoHandler ring;

    private final IoRegistration registration;

    private final IoHandlerContext waiting = new Waiting();

    private final long[] addresses;

    private byte operation = OP_READ;

    private long toStart;

    private long pending;

    private @Nullable IOException failure;

    NettyPeer(Load load) throws IOException {
        this.load = load;
        addresses = new long[load.depth()];
        for (int slot = 0; slot < addresses.length; slot++) {
            addresses[slot] = load.block(slot).address();
        }
        file = new PosixFile(load.path());
        ring = IoUringIoHandler.newFactory().newHandler(new Here(Thread.currentThread()));
        ring.initialize();
        try {
            registration = ring.register(this);
        } catch (Exception e) {
            throw new IOException("Netty takes no handle", e);
        }
    }

    @Override
    public void move(Direction direction, long requests) throws IOException {
        operation = direction == Direction.READ ? OP_READ : OP_WRITE;
        toStart = requests;
        for (int slot = 0; slot < addresses.length; slot++) {
            start(slot);
        }
        while (pending > 0) {
            ring.run(waiting);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void start(int slot) {
        if (toStart == 0) {
            return;
        }
        toStart--;
        pending++;
        registration.submit(
                new IoUringIoOps(
                        operation,
                        (byte) 0,
                        (short) 0,
                        file.fd(),
                        load.next(),
                        addresses[slot],
                        load.size(),
                        0,
                        (short) slot,
                        (short) 0,
                        (short) 0,
                        0,
                        0));
    }

    /** Must not throw: Netty would log it, and go on after a while. */
    @Override
    public void handle(IoRegistration registered, IoEvent event) {
        IoUringIoEvent ended = (IoUringIoEvent) event;
        pending--;
        try {
            load.check(ended.res());
            start(ended.data());
        } catch (IOException e) {
            failure = e;
            toStart = 0;
        }
    }

    @Override
    public void close() {
        registration.cancel();
        ring.prepareToDestroy();
        ring.destroy();
        file.close();
    }

    /** Blocks until something has ended. */
    private static final class Waiting implements IoHandlerContext {

        @Override
        public boolean canBlock() {
            return true;
        }

        @Override
        public long delayNanos(long now) {
            return -1;
        }

        @Override
        public long deadlineNanos() {
            return -1; // none, so that Netty asks for no time-out
        }
    }

    private record Here(Thread thread) implements ThreadAwareExecutor {

        @Override
        public boolean isExecutorThread(Thread asked) {
            return asked == thread;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }
}
