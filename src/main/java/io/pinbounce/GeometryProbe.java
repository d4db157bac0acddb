package io.pinbounce;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.linux.Errno;
import io.pinbounce.linux.FileFacts;
import io.pinbounce.linux.FileStatus;
import io.pinbounce.linux.LibC;
import io.pinbounce.linux.OpenFlags;
import io.pinbounce.linux.Posix;

import java.nio.file.Path;

/** Opens a path only to ask about it. */
final class GeometryProbe {

    private GeometryProbe() {}

    static Geometry probe(LibC libc, Posix posix, Path path) throws DirectIoException {
        Opener.requireKernelName(path);
        // A FIFO without a writer would keep the open call waiting.
        int flags = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK;
        int fd = posix.open(path.toString(), flags | OpenFlags.O_DIRECT, 0);
        if (fd == -Errno.EINVAL) {
            fd = posix.open(path.toString(), flags, 0); // the file system refuses O_DIRECT
        }
        Call call = new Call("probe", path);
        if (fd < 0) {
            throw DirectIoException.of(call, fd, 0);
        }
        try {
            FileFacts facts = FileFacts.of(libc, posix, fd);
            FileStatus status = facts.status();
            if (status.errno() != 0) {
                throw DirectIoException.of(call, -status.errno(), 0);
            }
            if (!status.isRegular() && !status.isBlockDevice()) {
                throw new DirectIoException(
                        "only a regular file or block device has a geometry, this is a "
                                + status.kind(),
                        call,
                        0,
                        0);
            }
            return Geometry.of(facts);
        } finally {
            posix.close(fd); // it only read, so a failure loses nothing
        }
    }
}
