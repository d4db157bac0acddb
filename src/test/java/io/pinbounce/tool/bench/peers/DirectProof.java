package io.pinbounce.tool.bench.peers;

import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.linux.Descriptors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses a peer that does not really do direct I/O: what is measured would be the page cache.
 * Asks the kernel for the flags of all descriptors that opening made.
 */
final class DirectProof {

    private DirectProof() {}

    /** Opens a file. */
    interface Opener<T extends AutoCloseable> {

        T open() throws IOException;
    }

    /**
     * Opens a file and looks at how it was opened.
     *
     * @param path of the file
     * @param opener opens it
     * @return what was opened
     * @throws IllegalStateException if a descriptor lacks O_DIRECT, or there is none; what was
     *     opened is closed again
     */
    static <T extends AutoCloseable> T open(Path path, Opener<T> opener) throws IOException {
        List<Integer> before = Descriptors.of(path);
        T opened = opener.open();
        List<Integer> made = new ArrayList<>(Descriptors.of(path));
        made.removeAll(before);
        String reason = reason(made);
        if (reason.isEmpty()) {
            return opened;
        }
        IllegalStateException e =
                new IllegalStateException("not direct I/O: " + reason + ", path=" + path);
        try {
            opened.close();
        } catch (Exception alsoFailed) {
            e.addSuppressed(alsoFailed);
        }
        throw e;
    }

    private static String reason(List<Integer> made) throws IOException {
        if (made.isEmpty()) {
            return "no descriptor of the file was made";
        }
        for (int fd : made) {
            int flags = Descriptors.flags(fd);
            if ((flags & OpenFlags.O_DIRECT) == 0) {
                return "a descriptor lacks O_DIRECT, fd=%d flags=0%o".formatted(fd, flags);
            }
        }
        return "";
    }
}
