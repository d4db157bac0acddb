package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.linux.Errno;

import java.io.IOException;
import java.nio.file.Path;

/** A sidecar that cannot be used: what is wrong with it, and what to do. */
public final class SealException extends IOException {

    private static final long serialVersionUID = 1;

    private final String reason;

    /** What the file is called in messages, and its path. */
    private final String name;

    private final String path;

    private final int errno;

    /**
     * The sidecar is not as it should be.
     *
     * @param reason in words, with the values that matter and what to do
     * @param path of the sidecar
     */
    public SealException(String reason, Path path) {
        this(reason, "sidecar", path.toString(), 0);
    }

    /**
     * A call failed.
     *
     * @param reason in words
     * @param path of the file
     * @param failed {@code -errno}
     */
    public SealException(String reason, Path path, long failed) {
        this(reason, "file", path.toString(), (int) -failed);
    }

    private SealException(String reason, String name, String path, int errno) {
        super(withFile(reason, name, path) + (errno == 0 ? "" : " errno=" + Errno.describe(errno)));
        this.reason = reason;
        this.name = name;
        this.path = path;
        this.errno = errno;
    }

    /**
     * The same failure, for another call that fails because of it.
     *
     * @return an exception of its own, that has this one attached
     */
    SealException again() {
        SealException same = new SealException(reason, name, path, errno);
        same.addSuppressed(this);
        return same;
    }

    /**
     * The same failure of a store that takes no more writes.
     *
     * @return an exception of its own, caused by what caused this one
     */
    SealException untilOpenedAgain() {
        String words =
                reason + ", and nothing is written until the file is closed and opened again";
        SealException last = new SealException(words, name, path, errno);
        last.addSuppressed(this);
        return last;
    }

    /**
     * What went wrong, for a message that has the errno.
     *
     * @param named the path that the message has
     * @return in words, with the path of the file if that is another one
     */
    public String reason(Path named) {
        return path.equals(named.toString()) ? reason : withFile(reason, name, path);
    }

    private static String withFile(String reason, String name, String path) {
        boolean hasValues = reason.contains("=");
        return reason + (hasValues ? " " : ": ") + name + "=" + path;
    }

    /**
     * What the kernel said.
     *
     * @return a number of errno(3), or 0 if no call failed
     */
    public int errno() {
        return errno;
    }
}
