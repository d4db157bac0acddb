package io.pinbounce.tool.bench.peers;

import io.pinbounce.DirectQueue;

import java.io.IOException;

/** The libraries that are compared. Each is opened through {@link DirectProof}. */
public enum Contestant {
    /** Pinbounce's blocking calls. */
    PINBOUNCE_FILE("DirectFile", Needs.NOTHING),
    /** Pinbounce's queue. */
    PINBOUNCE_QUEUE("DirectQueue", Needs.RING),
    /** The JDK's {@code FileChannel}. */
    FILE_CHANNEL("FileChannel", Needs.NOTHING),
    /** The JDK's {@code AsynchronousFileChannel}. */
    ASYNC_CHANNEL("AsynchronousFileChannel", Needs.NOTHING),
    /** Apache BookKeeper's native-io. */
    BOOKKEEPER("BookKeeper-native-io", Needs.NOTHING),
    /** JNR-POSIX. */
    JNR_POSIX("JNR-POSIX", Needs.NOTHING),
    /** A handle on Netty's io_uring. */
    NETTY("Netty-io_uring", Needs.RING_ON_X86_64),
    /** jasyncfio's vectored calls. */
    JASYNCFIO("jasyncfio-vectored", Needs.RING_ON_X86_64);

    private final String text;

    private final Needs needs;

    Contestant(String text, Needs needs) {
        this.text = text;
        this.needs = needs;
    }

    private enum Needs {
        NOTHING,
        RING,
        /** Its native code is built for nothing else. */
        RING_ON_X86_64
    }

    /**
     * Opens the file of a load.
     *
     * @throws IllegalStateException if it is not opened for direct I/O
     */
    Peer open(Load load) throws IOException {
        return DirectProof.open(load.path(), () -> unproven(load));
    }

    private Peer unproven(Load load) throws IOException {
        return switch (this) {
            case PINBOUNCE_FILE -> new DirectFilePeer(load);
            case PINBOUNCE_QUEUE -> new DirectQueuePeer(load);
            case FILE_CHANNEL -> new FileChannelPeer(load);
            case ASYNC_CHANNEL -> new AsyncChannelPeer(load);
            case BOOKKEEPER -> new BookKeeperPeer(load);
            case JNR_POSIX -> new JnrPosixPeer(load);
            case NETTY -> new NettyPeer(load);
            case JASYNCFIO -> new JasyncfioPeer(load);
        };
    }

    /** Why it cannot take part on this machine, in words; empty if it can. */
    String missing() throws IOException {
        if (needs == Needs.NOTHING) {
            return "";
        }
        if (needs == Needs.RING_ON_X86_64 && !System.getProperty("os.arch").equals("amd64")) {
            return "its native code is for x86-64 only";
        }
        try (DirectQueue queue = DirectQueue.open(1)) {
            return queue.engine().equals("threads") ? queue.engineReason() : "";
        }
    }

    /** The name in a table. */
    String text() {
        return text;
    }
}
