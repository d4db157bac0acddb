package io.pinbounce.internal.uring;

import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.engine.SyscallEngine;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.NativeAccess;
import io.pinbounce.internal.linux.Posix;
import io.pinbounce.internal.linux.SystemPosix;
import io.pinbounce.internal.linux.UringSyscalls;

/** The blocking engine, which can also open rings of io_uring. */
public final class UringEngine extends SyscallEngine {

    /** The deepest ring: its queues then hold 16,384 entries, half of what the kernel allows. */
    public static final int MAX_DEPTH = 4096;

    private final KernelRing.Machine machine;

    /**
     * Makes an engine over given calls, for tests.
     *
     * @param libc the data plane
     * @param posix the control plane
     * @param syscalls what rings are made of
     */
    public UringEngine(LibC libc, Posix posix, UringSyscalls syscalls) {
        super(libc, posix);
        machine = new KernelRing.Machine(libc, syscalls);
    }

    /**
     * The engine over the machine's kernel.
     *
     * @return the one instance
     * @throws IllegalCallerException if Java denies native access; the message names the flag
     */
    public static UringEngine system() {
        NativeAccess.require();
        return Shared.ENGINE;
    }

    /**
     * Makes a ring for the platform thread that calls.
     *
     * @param depth transfers in flight at the most, 1 to {@value #MAX_DEPTH}
     * @return a ring; close it
     * @throws RingUnavailableException if the kernel makes none; the message says why and what to
     *     do
     * @throws IllegalArgumentException if the depth is out of range
     * @throws IllegalStateException on a virtual thread
     */
    @Override
    public IoRing openRing(int depth) throws RingUnavailableException {
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "a ring has a depth of 1 to " + MAX_DEPTH + ", depth=" + depth);
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a ring is bound to its kernel thread, and a virtual thread changes that: open"
                            + (" it on a platform thread, thread=" + Thread.currentThread()));
        }
        return UringRing.open(machine, depth);
    }

    /** Made on first use: loading JNR-POSIX takes a quarter of a second. */
    private static final class Shared {

        static final UringEngine ENGINE =
                new UringEngine(LibC.system(), SystemPosix.calls(), UringSyscalls.system());

        private Shared() {}
    }
}
