package io.pinbounce.tool.bench.peers;

import org.apache.bookkeeper.common.util.nativeio.NativeIO;
import org.apache.bookkeeper.common.util.nativeio.NativeIOImpl;

import java.io.IOException;

/** Apache BookKeeper's native-io: a call of JNI for each request. It has no flag for both ways. */
final class BookKeeperPeer extends BlockingPeer {

    private final NativeIO calls = new NativeIOImpl();

    private final int reading;

    private final int writing;

    private final long[] addresses;

    private final int size;

    BookKeeperPeer(Load load) throws IOException {
        super(load);
        size = load.size();
        addresses = new long[load.depth()];
        for (int slot = 0; slot < addresses.length; slot++) {
            addresses[slot] = load.block(slot).address();
        }
        String path = load.path().toString();
        reading = calls.open(path, NativeIO.O_RDONLY | NativeIO.O_DIRECT, 0);
        writing = calls.open(path, NativeIO.O_WRONLY | NativeIO.O_DIRECT, 0);
    }

    @Override
    long transfer(Direction direction, int slot, long position) throws IOException {
        return switch (direction) {
            case READ -> calls.pread(reading, addresses[slot], size, position);
            case WRITE -> calls.pwrite(writing, addresses[slot], size, position);
        };
    }

    @Override
    void closeFile() throws IOException {
        calls.close(reading);
        calls.close(writing);
    }
}
