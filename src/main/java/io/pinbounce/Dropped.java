package io.pinbounce;

import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;

/** Ends what was dropped without being closed: descriptors and pinned memory are scarce. */
final class Dropped {

    private static final Cleaner CLEANER =
            Cleaner.create(Thread.ofPlatform().daemon().name("pinbounce-cleaner").factory());

    private Dropped() {}

    /**
     * Watches something that is to be closed.
     *
     * @param thing an object of the user's
     * @param end runs, on a thread of ours, once the thing is unreachable; it knows nothing of it,
     *     waits for nothing but what the kernel has in flight, and does nothing if it was closed
     * @return to be cleaned once the thing is closed
     */
    static Cleanable watch(Object thing, Runnable end) {
        return CLEANER.register(thing, end);
    }

    /** Up to this call, something that is watched does not count as dropped. */
    @SuppressWarnings("ReachabilityFenceUsage") // only a call that returns has used it
    static void keep(Object thing) {
        Reference.reachabilityFence(thing);
    }
}
