package io.pinbounce.tool.bench.peers;

import io.pinbounce.internal.linux.OpenFlags;

import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A descriptor that JNR-POSIX opened for direct I/O. */
final class PosixFile implements AutoCloseable {

    private final POSIX posix = POSIXFactory.getNativePOSIX();

    private final int fd;

    PosixFile(Path path) throws IOException {
        fd = posix.open(path.toString(), OpenFlags.O_RDWR | OpenFlags.O_DIRECT, 0);
        if (fd < 0) {
            throw failure("open, path=" + path);
        }
    }

    int fd() {
        return fd;
    }

    long read(ByteBuffer buffer, long position) throws IOException {
        long bytes = posix.pread(fd, buffer, (long) buffer.remaining(), position);
        if (bytes < 0) {
            throw failure("pread, position=" + position);
        }
        return bytes;
    }

    long write(ByteBuffer buffer, long position) throws IOException {
        long bytes = posix.pwrite(fd, buffer, (long) buffer.remaining(), position);
        if (bytes < 0) {
            throw failure("pwrite, position=" + position);
        }
        return bytes;
    }

    private IOException failure(String call) {
        return new IOException(posix.strerror(posix.errno()) + ": " + call);
    }

    @Override
    public void close() {
        posix.close(fd);
    }
}
