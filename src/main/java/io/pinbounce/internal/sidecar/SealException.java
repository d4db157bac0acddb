package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.linux.Errno;

import java.io.IOException;
import java.nio.file.Path;

/** A sidecar that cannot be used: what is wrong with it, and what to do. */
public final class SealException extends IOException {

    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * The sidecar is not as it should be.
     *
     * @param reason in words, with the values that matter and what to do
     * @param path of the sidecar
     */
    public SealException(String reason, Path path) {
        super(reason + " sidecar=" + path);
        this.errno = 0;
    }

    /**
     * A call failed.
     *
     * @param reason in words
     * @param path of the file
     * @param failed {@code -errno}
     */
    public SealException(String reason, Path path, long failed) {
        super(reason + ": path=" + path + " errno=" + Errno.describe((int) -failed));
        this.errno = (int) -failed;
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
