package io.pinbounce.internal.engine;

/** The thread that opened a ring: the only one that may use it, and close it while it lives. */
final class RingOwner {

    private final Thread thread = Thread.currentThread();

    /** Throws on every other thread. */
    void require() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "a ring is for the thread that opened it, open one for each thread" + names());
        }
    }

    /** Throws on every other thread while the owner lives. */
    void requireToClose() {
        if (Thread.currentThread() != thread && thread.isAlive()) {
            throw new IllegalStateException(
                    "a ring is closed by the thread that opened it, or once that has ended"
                            + names());
        }
    }

    private String names() {
        return ": owner=" + thread.getName() + " caller=" + Thread.currentThread().getName();
    }
}
