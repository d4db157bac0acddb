package io.pinbounce.tool.bench.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** The JDK's channel with its own direct I/O. */
final class FileChannelPeer extends BlockingPeer {

    private final FileChannel channel;

    private final ByteBuffer[] buffers;

    FileChannelPeer(Load load) throws IOException {
        super(load);
        buffers = load.buffers();
        channel =
                FileChannel.open(
                        load.path(),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        JdkDirect.option());
    }

    @Override
    long transfer(Direction direction, int slot, long position) throws IOException {
        ByteBuffer buffer = buffers[slot].clear();
        return switch (direction) {
            case READ -> channel.read(buffer, position);
            case WRITE -> channel.write(buffer, position);
        };
    }

    @Override
    void closeFile() throws IOException {
        channel.close();
    }
}
