package io.pinbounce.internal.thread;

import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;

/**
 * Ends files and queues that became unreachable without being closed: descriptors and pinned memory
 * are scarce.
 */
public final class Dropped {

    private static final Cleaner CLEANER =
            Cleaner.create(Thread.ofPlatform().daemon().name("pinbounce-cleaner").factory());

    private Dropped() {}

    /**
     * Watches something that is to be closed.
     *
     * @param thing the object that the user holds
     * @param end runs, on a thread of the library, once the thing is unreachable; it does not refer
     *     to the thing, waits only for what the kernel has in flight, and does nothing if the thing
     *     was closed
     * @return the watch; to be cleaned when the thing is closed
     */
    public static Cleanable watch(Object thing, Runnable end) {
        return CLEANER.register(thing, end);
    }

    /** Up to this call, the thing that is watched does not count as dropped. */
    @SuppressWarnings("ReachabilityFenceUsage") // only a call that returns has used it
    public static void keep(Object thing) {
        Reference.reachabilityFence(thing);
    }
}
