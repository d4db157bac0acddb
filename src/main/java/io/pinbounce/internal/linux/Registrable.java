package io.pinbounce.internal.linux;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that a ring may tell the kernel about once, instead of with each request: memory, or a
 * file. It ends when its owner says so, and is freed when the last ring has let go of it as well.
 *
 * <p>Rings find out by a count of all endings, which costs them one look at a volatile field a
 * submission, and no list of listeners.
 */
public abstract class Registrable {

    private static final AtomicInteger ENDINGS = new AtomicInteger();

    /** The owner's, and one of each ring. */
    private final AtomicInteger keepers = new AtomicInteger(1);

    private volatile boolean ended;

    /** Makes something that its owner keeps. */
    protected Registrable() {}

    /**
     * How many things have ended in this process: while it stays the same, a ring need not look.
     *
     * @return a number that changes with every ending
     */
    public static int endings() {
        return ENDINGS.get();
    }

    /**
     * Keeps it for another, who calls {@link #letGo()} later.
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

    /** Lets go of it; the last one frees it. */
    public final void letGo() {
        if (keepers.decrementAndGet() == 0) {
            free();
        }
    }

    /** The owner is done with it. To be called once. */
    public final void end() {
        ended = true;
        ENDINGS.incrementAndGet();
        letGo();
    }

    /**
     * Whether the owner is done with it, so that rings should let go.
     *
     * @return true once {@link #end()} was called
     */
    public final boolean hasEnded() {
        return ended;
    }

    /**
     * Whether it was freed: it has ended, and no ring knows it any more.
     *
     * @return true from then on
     */
    public final boolean isFreed() {
        return keepers.get() == 0;
    }

    /** Runs once, when nobody keeps it any more. */
    protected abstract void free();
}
