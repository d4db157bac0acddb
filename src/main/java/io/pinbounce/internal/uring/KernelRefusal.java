package io.pinbounce.internal.uring;

import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.linux.Errno;

/** A call that opening a ring cannot do without has failed. */
final class KernelRefusal extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    KernelRefusal(String call, int errno) {
        this(call + " failed: " + Errno.describe(errno) + ", errno=" + errno);
    }

    KernelRefusal(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** The exception for the caller that wanted the ring. */
    RingUnavailableException unavailable() {
        return new RingUnavailableException(reason);
    }
}
