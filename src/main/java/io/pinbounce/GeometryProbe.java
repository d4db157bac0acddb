package io.pinbounce;

import io.pinbounce.linux.Errno;
import io.pinbounce.linux.FileFacts;
import io.pinbounce.linux.LibC;
import io.pinbounce.linux.OpenFlags;
import io.pinbounce.linux.Posix;

import java.io.IOException;
import java.nio.file.Path;

/** Opens a path only to ask about it. */
final class GeometryProbe {

    private GeometryProbe() {}

    static Geometry probe(LibC libc, Posix posix, Path path) throws IOException {
        // A FIFO without a writer would keep the open call waiting.
        int flags = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK;
        int fd = posix.open(path.toString(), flags | OpenFlags.O_DIRECT, 0);
        if (fd == -Errno.EINVAL) {
            fd = posix.open(path.toString(), flags, 0); // the file system refuses O_DIRECT
        }
        if (fd < 0) {
            throw failed("cannot open it to probe: " + Errno.describe(-fd), path, -fd);
        }
        try {
            FileFacts facts = FileFacts.of(libc, posix, fd);
            int errno = facts.status().errno();
            if (errno != 0) {
                throw failed("cannot ask about it: " + Errno.describe(errno), path, errno);
            }
            if (!facts.status().isRegular() && !facts.status().isBlockDevice()) {
                throw failed(
                        "only a regular file or block device has a geometry, not a "
                                + facts.status().kind()
                                + "; name one of these",
                        path,
                        0);
            }
            return Geometry.of(facts);
        } finally {
            posix.close(fd); // it only read, so a failure loses nothing
        }
    }

    private static IOException failed(String what, Path path, int errno) {
        return new IOException(what + ", op=probe, path=" + path + ", errno=" + errno);
    }
}
