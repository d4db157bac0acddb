package io.pinbounce.internal.uring;

import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.linux.UringRefusal;

/** A ring cannot be opened: a call that it cannot do without has failed, or the kernel lacks it. */
final class KernelRefusal extends Exception {

    private static final long serialVersionUID = 1;

    private final transient UringRefusal refusal;

    KernelRefusal(String call, int errno) {
        this(UringRefusal.of(call, errno));
    }

    KernelRefusal(String reason) {
        this(new UringRefusal(reason, false));
    }

    private KernelRefusal(UringRefusal refusal) {
        super(refusal.reason());
        this.refusal = refusal;
    }

    /** The exception for the caller that wanted the ring. */
    RingUnavailableException unavailable() {
        return new RingUnavailableException(refusal.reason(), refusal.passing());
    }
}
