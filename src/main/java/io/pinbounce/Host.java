package io.pinbounce;

import io.pinbounce.linux.Posix;
import io.pinbounce.linux.UringSupport;

/**
 * What the machine allows this process, whatever file it uses. A value, to be shared freely.
 *
 * @param ioUring whether a ring can be made, so that many requests are in flight on one thread
 * @param ioUringReason why, in words, and what to do when it cannot
 * @param memoryLockLimit bytes that may be pinned for longer than a request ({@code
 *     RLIMIT_MEMLOCK}); {@link Long#MAX_VALUE} for no limit
 */
public record Host(boolean ioUring, String ioUringReason, long memoryLockLimit) {

    /**
     * Asks the kernel, by making a small ring and closing it again. Limits may change while the
     * process runs: the answer is as of now.
     *
     * @return what is allowed
     */
    public static Host probe() {
        Posix posix = Posix.system();
        UringSupport uring = UringSupport.probe(posix);
        return new Host(uring.available(), uring.reason(), posix.memoryLockLimit());
    }
}
