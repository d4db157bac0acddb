package io.pinbounce.internal.linux;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory or a file that a ring may register with the kernel once, instead of naming it with each
 * request. Its owner, an arena or an open file, ends it; it is freed when the last ring has let go
 * of it as well.
 *
 * <p>A ring notices endings by a count of all of them, which costs a look at a volatile field for
 * each submission, and no list of listeners.
 */
public abstract class Registrable {

    private static final AtomicInteger ENDINGS = new AtomicInteger();

    /** The owner, and each ring that keeps it. */
    private final AtomicInteger keepers = new AtomicInteger(1);

    private volatile boolean ended;

    /** Makes it with its owner as the only keeper. */
    protected Registrable() {}

    /**
     * How many of them have ended in this process: a ring looks at its own only when this has
     * changed.
     *
     * @return a number that changes with every ending
     */
    public static int endings() {
        return ENDINGS.get();
    }

    /**
     * Keeps it until {@link #letGo()}, which the caller makes later.
     *
     * @return false if it has ended
     */
    public final boolean keep() {
        if (keepers.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
            return false;
        }
        if (ended) {
            letGo();
            return false;
        }
        return true;
    }

    /** Lets go of it; the last keeper frees it. */
    public final void letGo() {
        if (keepers.decrementAndGet() == 0) {
            free();
        }
    }

    /** Ends it, for its owner. To be called once. */
    public final void end() {
        ended = true;
        ENDINGS.incrementAndGet();
        letGo();
    }

    /**
     * Whether its owner has ended it, so that rings should let go.
     *
     * @return true once {@link #end()} was called
     */
    public final boolean hasEnded() {
        return ended;
    }

    /**
     * Whether it was freed: it has ended, and no ring keeps it.
     *
     * @return true from then on
     */
    public final boolean isFreed() {
        return keepers.get() == 0;
    }

    /** Runs once, when the last keeper has let go. */
    protected abstract void free();
}
