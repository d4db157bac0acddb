package io.pinbounce.tool.bench.peers;

import java.io.IOException;
import java.nio.ByteBuffer;

/** JNR-POSIX: {@code pread} and {@code pwrite} through code that it generates. */
final class JnrPosixPeer extends BlockingPeer {

    private final PosixFile file;

    private final ByteBuffer[] buffers;

    JnrPosixPeer(Load load) throws IOException {
        super(load);
        buffers = load.buffers();
        file = new PosixFile(load.path());
    }

    @Override
    long transfer(Direction direction, int slot, long position) throws IOException {
        ByteBuffer buffer = buffers[slot].clear();
        return switch (direction) {
            case READ -> file.read(buffer, position);
            case WRITE -> file.write(buffer, position);
        };
    }

    @Override
    void closeFile() {
        file.close();
    }
}
